/** One finished call as members of a JSON object: written for every call, so without the general way of pino. */
import { GatewayError } from "../errors.js";
import type { CallRecord } from "../observe.js";

/** Texts of which every character stands for itself in JSON; for the others there is JSON.stringify. */
const PLAIN = /^[\w .:/=+-]*$/;

const MOST_CAUSES = 5;

/** The members of the log line of a call, each with a comma before it, in the order of the record. */
export function callMembers(record: CallRecord): string {
  const { requestId, service, operation, protocol, caller, code, error } = record;
  const { durationMs, queuedMs, runMs, bytesIn, bytesOut, worker } = record;
  return (
    `,"requestId":${printText(requestId)},"service":${printText(service)},"operation":${printText(operation)}` +
    `,"protocol":"${protocol}"${caller === undefined ? "" : `,"caller":${printText(caller)}`},"code":"${code}"` +
    `,"durationMs":${printMs(durationMs)}${queuedMs === undefined ? "" : `,"queuedMs":${printMs(queuedMs)}`}` +
    `${runMs === undefined ? "" : `,"runMs":${printMs(runMs)}`},"bytesIn":${bytesIn},"bytesOut":${bytesOut}` +
    (worker === undefined ? "" : `,"worker":${worker}`) +
    (error === undefined ? "" : `,"error":${printError(error)}`)
  );
}

/** Under an overload most lines are those of refusals, and these have nothing but a message. */
function printError(error: Error): string {
  const isMessageOnly =
    error instanceof GatewayError && error.violations.length === 0 && error.cause === undefined;
  return isMessageOnly ? `{"message":${printText(error.message)}}` : JSON.stringify(describe(error));
}

function printText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function printMs(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? String(roundMs(milliseconds)) : "null";
}

/** Milliseconds to microseconds, which is what the clock is worth; whole numbers stay as they are. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** An error and its causes. For the log alone: the causes hold Python tracebacks. */
export function describe(error: Error): object {
  const { violations } = error as Partial<GatewayError>;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < MOST_CAUSES; cause = cause.cause) {
    causes.push(cause.name === "Error" ? cause.message : `${cause.name}: ${cause.message}`);
  }
  return {
    message: error.message,
    ...(violations === undefined || violations.length === 0 ? {} : { violations }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}
