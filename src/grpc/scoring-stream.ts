/** The short road of `EvaluateStream`: straight on an HTTP/2 stream, whose flow control is its back-pressure. */
import { status as Status } from "@grpc/grpc-js";
import { tooMuchArriving } from "../body-budget.js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { Departure } from "../call/gone.js";
import type { Caller } from "../caller-of.js";
import { defer, type Deferred } from "../deferred.js";
import { GatewayError } from "../errors.js";
import { fieldValue, fieldValues } from "../http2/field.js";
import { encodeHead, encodeTrailers } from "../http2/header-block.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { CONTENT_TYPE, OK_TRAILERS, onlyOf, statusFields, timeoutOf, withPrefix } from "./call-framing.js";
import {
  CUT_OFF_TEXT,
  GO_ELSEWHERE,
  startScoring,
  type ScoringOptions,
  type StreamFailure,
} from "./evaluate-stream.js";
import { MessageReader } from "./message-reader.js";

/** What a timer can wait at most, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const INCOMPLETE: StreamFailure = {
  code: Status.INTERNAL,
  details: "The request ended before its last message was complete.",
};

/** Answers one stream. */
export function answerStream(stream: ServerStream, options: ScoringOptions, caller: Caller): StreamReceiver {
  const { fields } = stream;
  const { limits, bodies } = options;
  const requestId = requestIdFrom(onlyOf(fieldValues(fields, REQUEST_ID_HEADER)));
  const timeoutMs = timeoutOf(fieldValue(fields, "grpc-timeout"));
  const endsAt = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  const reader = new MessageReader(limits.maxMessageBytes, bodies);
  const gone = new Departure();
  let isTaking = true;
  /** Whether there is anybody for what still arrives. */
  let isReading = true;
  let hasEnded = false;
  let isOver = false;
  /** Bytes received that the peer may not send anew yet. */
  let held = 0;
  /** Waits until the peer has taken what was written. */
  let room: Deferred<undefined> | undefined;
  /** Runs while a message has arrived in part. */
  let arrival: NodeJS.Timeout | undefined;

  const onRoom = (): void => {
    room?.resolve(undefined);
    room = undefined;
  };
  /** Reads nothing more, holds nothing of what was not taken, and ends when the rest is answered. */
  const stop = (failure?: StreamFailure | GatewayError): void => {
    isReading = false;
    clearTimeout(arrival);
    reader.close();
    scoring.stop(failure);
  };
  /** Everything after this is in vain. */
  const close = (): void => {
    isOver = true;
    clearTimeout(deadline);
    stop();
    onRoom();
  };
  const end = (failure: StreamFailure | undefined): void => {
    if (isOver) return;
    close();
    const trailers = failure?.trailers ?? [[REQUEST_ID_HEADER, requestId]];
    stream.end(failure === undefined ? OK_TRAILERS : encodeTrailers(statusFields({ ...failure, trailers })));
  };
  const deadline =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => {
            gone.abort();
            end({ code: Status.DEADLINE_EXCEEDED, details: "The stream was not finished by its deadline." });
          },
          Math.min(timeoutMs, LONGEST_TIMER_MS),
        );

  const scoring = startScoring(
    {
      requestId,
      signal: gone,
      caller,
      priority: fieldValue(fields, PRIORITY_HEADER),
      remainingMs: () => (endsAt === undefined ? undefined : Math.max(0, endsAt - performance.now())),
      pause: () => {
        isTaking = false;
      },
      resume: () => {
        isTaking = true;
        take();
      },
      write: (message) => {
        if (isOver || stream.write(withPrefix(message)) || gone.aborted) return Promise.resolve();
        room ??= defer();
        return room.promise;
      },
      end,
    },
    options,
  );

  /** Takes messages while more are wanted. The peer may go on when none is left: a slow caller or model holds it up. */
  function take(): void {
    while (isTaking && isReading) {
      const next = reader.next();
      if (next === undefined) {
        stream.consumed(held);
        held = 0;
        if (hasEnded) stop(reader.isEmpty ? undefined : INCOMPLETE);
        break;
      }
      clearTimeout(arrival);
      arrival = undefined;
      if ("fault" in next) stop(next.fault);
      else scoring.onMessage(next.message);
    }
    if (!isReading) return;
    if (!reader.keep()) stop(tooMuchArriving());
    else if (isTaking && !reader.isEmpty) arrival ??= setTimeout(onSlow, limits.bodyTimeoutMs);
  }

  /** As long as it is the peer that the stream waits for, the rest of a message may take as long as a whole request. */
  function onSlow(): void {
    const text = `A message did not arrive within ${limits.bodyTimeoutMs} ms.`;
    stop(new GatewayError("deadline_exceeded", text));
  }

  stream.respond(encodeHead(200, [CONTENT_TYPE, [REQUEST_ID_HEADER, requestId]]));
  return {
    onData(chunk) {
      // What is not read is not given back: the peer cannot send more of it than its window.
      if (!isReading) return;
      held += chunk.length;
      if (reader.push(chunk)) take();
      else stop(tooMuchArriving());
    },
    onEnd() {
      hasEnded = true;
      take();
    },
    onReset() {
      gone.abort();
      close();
    },
    onDrain: onRoom,
    onGoAway() {
      stop(GO_ELSEWHERE);
    },
    onCutOff() {
      end({ code: Status.UNAVAILABLE, details: CUT_OFF_TEXT });
      gone.abort();
    },
  };
}
