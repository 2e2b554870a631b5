/**
 * The short road of a unary call: straight from an HTTP/2 stream to its evaluator and back in one write, without the
 * machinery for streams, interceptors and compression that a call through grpc-js pays for
 * (docs/decisions/0006-own-http2-for-unary-calls.md). What is not plainly such a call goes to grpc-js.
 */
import { status as Status } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import type { Caller } from "../caller-of.js";
import { GatewayError } from "../errors.js";
import { ErrorCode } from "../http2/error-codes.js";
import { fieldValue, fieldValues } from "../http2/field.js";
import { encodeHead } from "../http2/header-block.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import type { Limits } from "../limits.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import {
  CONTENT_TYPE,
  OK_TRAILERS,
  PREFIX_BYTES,
  onlyOf,
  statusFields,
  timeoutOf,
  withPrefix,
} from "./call-framing.js";
import type { Evaluator } from "./evaluate.js";
import type { CallStatus } from "./status.js";

/**
 * How long after its deadline a call is answered here if nothing else has done it, in milliseconds: the call path keeps the
 * deadline itself and knows more to say, but it has to have the message first.
 */
const LATE_MS = 100;

export interface UnaryOptions {
  readonly evaluator: Evaluator;
  readonly limits: Limits;
  readonly caller: Caller;
}

/** Answers one stream. The response is complete, or the stream reset, whatever happens. */
export function answerUnary(
  stream: ServerStream,
  { evaluator, limits, caller }: UnaryOptions,
): StreamReceiver {
  const { fields } = stream;
  const { statusOf } = evaluator;
  const began = performance.now();
  const requestId = requestIdFrom(onlyOf(fieldValues(fields, REQUEST_ID_HEADER)));
  const timeoutMs = timeoutOf(fieldValue(fields, "grpc-timeout"));
  const gone = new AbortController();
  const chunks: Buffer[] = [];
  let received = 0;
  let isAnswered = false;
  let hasArrived = false;
  const allowedMs = Math.min(timeoutMs ?? limits.defaultTimeoutMs, limits.maxTimeoutMs);
  const late = setTimeout(() => {
    const what = hasArrived ? "The call was not finished" : "The request did not arrive";
    // Whether main() has begun is not known here once the request has arrived: then it may have.
    const options = { started: hasArrived };
    refuse(statusOf(new GatewayError("deadline_exceeded", `${what} by its deadline.`, options), requestId));
  }, allowedMs + LATE_MS);

  function refuse(status: Omit<CallStatus, "rich">): void {
    if (isAnswered) return;
    isAnswered = true;
    clearTimeout(late);
    stream.respond(encodeHead(200, [CONTENT_TYPE, ...statusFields(status)]), true);
  }

  async function evaluate(message: Uint8Array): Promise<void> {
    const remainingMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - began);
    try {
      const reply = await evaluator.evaluate({
        message,
        requestId,
        remainingMs,
        // Made when it is asked for.
        get signal() {
          return gone.signal;
        },
        caller,
        priority: fieldValue(fields, PRIORITY_HEADER),
      });
      if (isAnswered) return;
      isAnswered = true;
      clearTimeout(late);
      stream.reply(
        encodeHead(200, [CONTENT_TYPE, [REQUEST_ID_HEADER, requestId]]),
        withPrefix(reply),
        OK_TRAILERS,
      );
    } catch (thrown) {
      refuse(evaluator.statusOf(thrown, requestId));
    }
  }

  /** What no library sends, and gRPC has a status for. */
  function refuseMessage(code: Status, details: string): void {
    refuse({ code, details, trailers: [[REQUEST_ID_HEADER, requestId]] });
  }

  return {
    onData(chunk) {
      stream.consumed(chunk.length);
      if (isAnswered) return;
      chunks.push(chunk);
      received += chunk.length;
      if (received <= PREFIX_BYTES + limits.maxMessageBytes) return;
      chunks.length = 0;
      const message = `The request is larger than ${limits.maxMessageBytes} bytes: send it in several smaller requests.`;
      refuse(statusOf(new GatewayError("too_large", message), requestId));
    },
    onEnd() {
      if (isAnswered) return;
      hasArrived = true;
      const [first] = chunks;
      const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received);
      const length = bytes.length < PREFIX_BYTES ? Number.POSITIVE_INFINITY : bytes.readUInt32BE(1);
      if (bytes.length < PREFIX_BYTES + length) {
        refuseMessage(Status.UNIMPLEMENTED, "The request ended before its message was complete.");
      } else if (bytes.length > PREFIX_BYTES + length) {
        refuseMessage(Status.UNIMPLEMENTED, "The call has more than one message.");
      } else if (bytes[0] !== 0) {
        refuseMessage(Status.INTERNAL, "The message is compressed, but the call names no grpc-encoding.");
      } else {
        // What is thrown here is a defect, and the caller must not wait because of it.
        evaluate(bytes.subarray(PREFIX_BYTES)).catch(() => stream.reset(ErrorCode.INTERNAL_ERROR));
      }
    },
    onReset() {
      clearTimeout(late);
      if (!isAnswered) gone.abort();
    },
    onDrain: () => undefined,
  };
}
