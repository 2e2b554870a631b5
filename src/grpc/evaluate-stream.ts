/**
 * `EvaluateStream`: many requests on one stream, answered in their order. A stream works on a bounded window of them at a
 * time: beyond it nothing more is read, so that neither a caller who sends fast nor one who reads slowly fills our memory.
 */
import { status as Status } from "@grpc/grpc-js";
import { tooMuchArriving, type BodyBudget } from "../body-budget.js";
import type { Gone } from "../call/gone.js";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";
import { fillsMemory } from "../own-bytes.js";
import type { EvaluateCall, Evaluator } from "./evaluate.js";
import type { CallStatus } from "./status.js";
import { readStreamItem, writeStreamAnswer, type StreamItem } from "./stream-items.js";

export interface ScoringOptions {
  readonly evaluator: Evaluator;
  readonly limits: Limits;
  /** What all requests that are arriving, or are in hand in a stream, may hold together. */
  readonly bodies: BodyBudget;
  /** Calls that can run at once. */
  readonly slots: () => number;
}

/** How a stream ends that does not end with OK. */
export interface StreamFailure extends Pick<CallStatus, "code" | "details"> {
  /** What else its caller is told; absent: nothing. */
  readonly trailers?: CallStatus["trailers"];
}

/** What a stream is made of, whoever speaks HTTP/2. Once the caller has gone, all of it is in vain. */
export interface Road extends Pick<EvaluateCall, "requestId" | "signal" | "caller" | "priority"> {
  /** Milliseconds that the caller still waits, if it has said so. */
  remainingMs(): number | undefined;
  /** No message should come until `resume`. */
  pause(): void;
  resume(): void;
  /** Answers go out in the order of these calls. Resolves when there is room for more, or nobody who would read it. */
  write(message: Uint8Array): Promise<void>;
  /** Ends the stream; without a failure, with OK. */
  end(failure: StreamFailure | undefined): void;
}

/** One stream at work. */
export interface Scoring {
  /** @param message is read at once: its memory may be written to afterwards */
  onMessage(message: Uint8Array): void;
  /** Takes nothing more, answers what was taken, and then ends the stream. */
  stop(failure?: StreamFailure | GatewayError): void;
}

/** Requests of a stream beyond those that can run: enough that a process has its next one at once. */
const AHEAD = 8;

/** A stream has at most as much in hand as so many of the longest messages: requests, and answers as long as the last one. */
const LONGEST_IN_HAND = 4;

/** The answers that came are those of the first requests: the caller sends the others to whom it finds next. */
export const GO_ELSEWHERE: StreamFailure = {
  code: Status.UNAVAILABLE,
  details: "The gateway ends this stream. What has not been answered was not run: send it again.",
};

/** Why what has no answer yet gets none. */
export const CUT_OFF_TEXT =
  "The gateway stops, or renews the connection: the call was not finished within the grace period.";

export function startScoring(road: Road, { evaluator, limits, bodies, slots }: ScoringOptions): Scoring {
  const mostBytes = LONGEST_IN_HAND * limits.maxMessageBytes;
  const { signal, caller, priority } = road;
  let items = 0;
  let inHand = 0;
  let bytes = 0;
  let lastAnswer = 0;
  let isTaking = true;
  let failure: StreamFailure | undefined;
  let written = Promise.resolve();
  /** A stream has time: it waits where a single call would be told to come back, unless it had no time left then. */
  const evaluateWhenFree = async (message: Uint8Array, requestId: string): Promise<Uint8Array> => {
    const deadlineAt = performance.now() + (road.remainingMs() ?? limits.defaultTimeoutMs);
    for (;;) {
      const leftMs = Math.max(0, deadlineAt - performance.now());
      try {
        // What is evaluated may be handed over to a thread with all of its memory, and is needed when the call comes back.
        const own = fillsMemory(message) ? new Uint8Array(message) : message;
        const call = { message: own, requestId, remainingMs: leftMs, signal, caller, priority };
        return await evaluator.evaluate(call);
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        const waitMs = error.code === "overloaded" ? error.retryAfterMs : undefined;
        if (waitMs === undefined || waitMs >= leftMs) throw error;
        await pause(waitMs, signal);
      }
    }
  };

  /** Never rejects: what goes wrong with one request is its answer. */
  const answer = async (message: Uint8Array, requestId: string): Promise<Uint8Array> => {
    let item: StreamItem | undefined;
    try {
      item = readStreamItem(message);
      const response = await evaluateWhenFree(item.request, requestId);
      const answered = writeStreamAnswer(item.id, { response });
      if (answered.length <= limits.maxMessageBytes) return answered;
      // The id and the lengths around a response that is nearly too long: only this request has no answer then.
      throw new GatewayError(
        "output_invalid",
        `The result is larger than ${limits.maxMessageBytes} bytes, with its id.`,
        { started: true },
      );
    } catch (thrown) {
      return writeStreamAnswer(item?.id, { error: evaluator.statusOf(thrown, requestId).rich });
    }
  };

  const endWhenAnswered = (): void => {
    if (!isTaking && inHand === 0) road.end(failure);
  };

  const isFull = (): boolean =>
    inHand >= slots() + AHEAD || (inHand > 0 && bytes + inHand * lastAnswer >= mostBytes);

  const onTaken = (requestBytes: number): void => {
    inHand -= 1;
    bytes -= requestBytes;
    bodies.giveBack(requestBytes);
    if (isTaking && !isFull()) road.resume();
    endWhenAnswered();
  };

  const stop = (why?: StreamFailure | GatewayError): void => {
    if (!isTaking) return;
    isTaking = false;
    failure = why instanceof GatewayError ? evaluator.statusOf(why, road.requestId) : why;
    road.pause();
    endWhenAnswered();
  };

  return {
    onMessage(message) {
      if (!isTaking) return;
      const { length } = message;
      if (!bodies.take(length)) {
        stop(tooMuchArriving());
        return;
      }
      items += 1;
      inHand += 1;
      bytes += length;
      if (isFull()) road.pause();
      const answered = answer(Buffer.from(message), `${road.requestId}.${items}`);
      // Each waits for the one before it: the order of the answers is that of the requests. None waits for room, so that the
      // connection counts all that its caller does not read.
      written = written.then(async () => {
        const bytesOfAnswer = await answered;
        lastAnswer = bytesOfAnswer.length;
        void road.write(bytesOfAnswer).then(() => onTaken(length));
      });
    },
    stop,
  };
}

/** Waits, but no longer than the caller. */
function pause(ms: number, signal: Gone): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    signal.addEventListener("abort", settle, { once: true });
  });
}
