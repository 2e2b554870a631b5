/** The log: one JSON object a line on standard output. The only file that knows pino. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { GatewayError } from "../errors.js";
import type { CallRecord, Observer } from "../observe.js";

/** How long the last lines may take to be written, in milliseconds. */
const CLOSING_MS = 1000;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Writes what is still buffered; nothing may be logged afterwards. Gives up on a reader that does not read. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly level: string;
  /** Descriptor to write to; standard output unless a command prints its answer there. */
  readonly descriptor?: 1 | 2;
}

/** @param options `level` as pino names it */
export function createLog({ level, descriptor = 1 }: LogOptions): Log {
  // Lines are written behind the back of the calls they speak of; `close` writes the last ones.
  const destination = pino.destination({ dest: descriptor, sync: false });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    async close() {
      const closed = once(destination, "close");
      destination.end();
      await Promise.race([closed, sleep(CLOSING_MS, undefined, { ref: false })]);
    },
  };
}

/** Turns happenings into log lines. */
export function createLogObserver(log: Log): Observer {
  return {
    callFinished(record) {
      const { error, ...fields } = record;
      const line = {
        ...fields,
        ...rounded(record),
        ...(error === undefined ? {} : { error: describe(error) }),
      };
      if (error === undefined) log.info(line, "call");
      else if (record.code === "invalid_input" || record.code === "too_large") log.info(line, "call refused");
      else log.warn(line, "call failed");
    },
    startMethodChosen: ({ service, forks, reason }) =>
      log.info(
        forks ? { service } : { service, reason },
        forks ? "python processes are forked" : "python processes import",
      ),
    processStarted: (event) => log.info(event, "python started"),
    processReady: ({ loadMs, ...event }) => log.info({ ...event, loadMs: round(loadMs) }, "python ready"),
    processEnded(event) {
      if (event.reason === "drain") log.info(event, "python ended");
      else log.error(event, "python ended");
    },
    artifactOutput: (event) => log.info(event, "artifact output"),
  };
}

function rounded(record: CallRecord): object {
  const { durationMs, queuedMs, runMs } = record;
  return {
    durationMs: round(durationMs),
    ...(queuedMs === undefined ? {} : { queuedMs: round(queuedMs) }),
    ...(runMs === undefined ? {} : { runMs: round(runMs) }),
  };
}

/** Microseconds are what the clock is worth. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** An error and its causes. For the log alone: the causes hold Python tracebacks. */
function describe(error: Error): object {
  const { violations } = error as Partial<GatewayError>;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(cause.name === "Error" ? cause.message : `${cause.name}: ${cause.message}`);
  }
  return {
    message: error.message,
    ...(violations === undefined || violations.length === 0 ? {} : { violations }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}
