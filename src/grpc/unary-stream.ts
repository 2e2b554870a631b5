/**
 * The short road of a unary call: straight from an HTTP/2 stream to its evaluator and back in one write, without the
 * machinery for streams, interceptors and compression that a call through grpc-js pays for
 * (docs/decisions/0006-own-http2-for-unary-calls.md). What is not plainly such a call goes to grpc-js.
 */
import { status as Status } from "@grpc/grpc-js";
import { tooMuchArriving, type BodyBudget } from "../body-budget.js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { Departure } from "../call/gone.js";
import type { Caller } from "../caller-of.js";
import { GatewayError } from "../errors.js";
import { ErrorCode } from "../http2/error-codes.js";
import { fieldValue, fieldValues } from "../http2/field.js";
import { encodeHead } from "../http2/header-block.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import type { Limits } from "../limits.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { CONTENT_TYPE, OK_TRAILERS, onlyOf, statusFields, timeoutOf, withPrefix } from "./call-framing.js";
import { CUT_OFF_TEXT } from "./evaluate-stream.js";
import type { Evaluator } from "./evaluate.js";
import { MessageReader } from "./message-reader.js";
import type { CallStatus } from "./status.js";

/**
 * How long after its deadline a call is answered here if nothing else has done it, in milliseconds: the call path keeps the
 * deadline itself and knows more to say, but it has to have the message first.
 */
const LATE_MS = 100;

export interface UnaryOptions {
  readonly evaluator: Evaluator;
  readonly limits: Limits;
  /** What all requests that are arriving may hold together. */
  readonly bodies: BodyBudget;
  readonly caller: Caller;
}

/** Answers one stream. The response is complete, or the stream reset, whatever happens. */
export function answerUnary(
  stream: ServerStream,
  { evaluator, limits, bodies, caller }: UnaryOptions,
): StreamReceiver {
  const { fields } = stream;
  const began = performance.now();
  const requestId = requestIdFrom(onlyOf(fieldValues(fields, REQUEST_ID_HEADER)));
  const timeoutMs = timeoutOf(fieldValue(fields, "grpc-timeout"));
  const gone = new Departure();
  const reader = new MessageReader(limits.maxMessageBytes, bodies);
  let isAnswered = false;
  let hasArrived = false;
  const lateMs = LATE_MS + Math.min(timeoutMs ?? limits.defaultTimeoutMs, limits.maxTimeoutMs);
  let clock = setTimeout(onTime, Math.min(lateMs, limits.bodyTimeoutMs));

  /** The request has to come within its own time, and everything within the call's. */
  function onTime(): void {
    const leftMs = lateMs - (performance.now() - began);
    if (hasArrived && leftMs > 0) clock = setTimeout(onTime, leftMs);
    // Whether main() has begun is not known here once the request has arrived: then it may have.
    else if (hasArrived) refuseFor(late("The call was not finished by its deadline.", true));
    else if (lateMs <= limits.bodyTimeoutMs) refuseFor(late("The request did not arrive by its deadline."));
    else refuseFor(late(`The request did not arrive within ${limits.bodyTimeoutMs} ms.`));
  }

  /** Nothing of the request is held from here on, and nobody waits. */
  function close(): void {
    isAnswered = true;
    clearTimeout(clock);
    reader.close();
  }

  function refuse(status: Omit<CallStatus, "rich">): void {
    if (isAnswered) return;
    close();
    stream.respond(encodeHead(200, [CONTENT_TYPE, ...statusFields(status)]), true);
  }

  function refuseFor(thrown: unknown): void {
    refuse(evaluator.statusOf(thrown, requestId));
  }

  /** What arrived is no unary call. */
  function refuseForm(details: string): void {
    refuse({ code: Status.UNIMPLEMENTED, details, trailers: [[REQUEST_ID_HEADER, requestId]] });
  }

  async function evaluate(message: Uint8Array): Promise<void> {
    const remainingMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - began);
    try {
      const evaluated = evaluator.evaluate({
        message,
        requestId,
        remainingMs,
        signal: gone,
        caller,
        priority: fieldValue(fields, PRIORITY_HEADER),
      });
      // Admission counts it now, or has refused it.
      reader.close();
      const reply = await evaluated;
      if (isAnswered) return;
      close();
      stream.reply(
        encodeHead(200, [CONTENT_TYPE, [REQUEST_ID_HEADER, requestId]]),
        withPrefix(reply),
        OK_TRAILERS,
      );
    } catch (thrown) {
      refuseFor(thrown);
    }
  }

  return {
    onData(chunk) {
      stream.consumed(chunk.length);
      if (isAnswered) return;
      if (!reader.push(chunk)) {
        refuseFor(tooMuchArriving());
        return;
      }
      const fault = reader.fault();
      if (fault !== undefined) refuseFor(fault);
      // What ends now is not held: it is on its way before anything else can come.
      else if (!stream.requestEnded && !reader.keep()) refuseFor(tooMuchArriving());
    },
    onEnd() {
      if (isAnswered) return;
      hasArrived = true;
      const next = reader.next();
      if (next === undefined || "fault" in next) {
        refuseForm("The request ended before its message was complete.");
      } else if (!reader.isEmpty) {
        refuseForm("The call has more than one message.");
      } else {
        // What is thrown here is a defect, and the caller must not wait because of it.
        evaluate(next.message).catch(() => stream.reset(ErrorCode.INTERNAL_ERROR));
      }
    },
    onReset() {
      if (isAnswered) return;
      close();
      gone.abort();
    },
    onDrain: () => undefined,
    onCutOff() {
      if (isAnswered) return;
      refuseFor(new GatewayError("unavailable", CUT_OFF_TEXT, { started: hasArrived }));
      gone.abort();
    },
  };
}

function late(message: string, started = false): GatewayError {
  return new GatewayError("deadline_exceeded", message, { started });
}
