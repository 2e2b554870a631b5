/**
 * `EvaluateStream`: many requests on one stream, answered in their order. A stream works on a bounded window of them at a
 * time: beyond it nothing more is read, so that neither a caller who sends fast nor one who reads slowly fills our memory.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Metadata, status as Status } from "@grpc/grpc-js";
import type { ServerDuplexStream, handleBidiStreamingCall } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { onlyText, remainingMs, watchCaller } from "./caller-watch.js";
import type { EvaluateCall, Evaluator } from "./evaluate.js";
import { readStreamItem, writeStreamAnswer, type StreamItem } from "./stream-items.js";

type Stream = ServerDuplexStream<Uint8Array, Uint8Array>;

/** What the calls of one stream have in common. */
type Common = Pick<EvaluateCall, "signal" | "caller" | "priority">;

export interface StreamOptions {
  readonly evaluator: Evaluator;
  readonly limits: Limits;
  /** Calls that can run at once. */
  readonly slots: () => number;
}

export interface EvaluateStreamFace {
  readonly handle: handleBidiStreamingCall<Uint8Array, Uint8Array>;
  /** Reads nothing more from any stream, answers what was read, and tells the callers to go on elsewhere. */
  endStreams(): void;
}

/** Requests of a stream beyond those that can run: enough that a process has its next one at once. */
const AHEAD = 8;

export function createEvaluateStream({ evaluator, limits, slots }: StreamOptions): EvaluateStreamFace {
  const open = new Set<() => void>();
  const mostBytes = 2 * limits.maxMessageBytes;
  let draining = false;

  /** Never rejects: what goes wrong with one request is its answer. */
  const answer = async (
    message: Uint8Array,
    requestId: string,
    stream: Stream,
    common: Common,
  ): Promise<Uint8Array> => {
    let item: StreamItem | undefined;
    try {
      item = readStreamItem(message);
      const response = await evaluateWhenFree(item, requestId, stream, common);
      return writeStreamAnswer(item.id, { response });
    } catch (thrown) {
      return writeStreamAnswer(item?.id, { error: evaluator.statusOf(thrown, requestId).rich });
    }
  };

  /** A stream has time: it waits where a single call would be told to come back. */
  const evaluateWhenFree = async (
    { request: message }: StreamItem,
    requestId: string,
    stream: Stream,
    common: Common,
  ): Promise<Uint8Array> => {
    const deadlineAt = performance.now() + (remainingMs(stream) ?? limits.defaultTimeoutMs);
    for (;;) {
      const leftMs = Math.max(0, deadlineAt - performance.now());
      try {
        return await evaluator.evaluate({ ...common, message, requestId, remainingMs: leftMs });
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        const waitMs = error.code === "overloaded" ? error.retryAfterMs : undefined;
        if (waitMs === undefined || waitMs >= leftMs) throw error;
        await sleep(waitMs, undefined, { signal: common.signal });
      }
    }
  };

  const handle = (stream: Stream): void => {
    const requestId = requestIdFrom(onlyText(stream, REQUEST_ID_HEADER));
    const headers = new Metadata();
    headers.set(REQUEST_ID_HEADER, requestId);
    stream.sendMetadata(headers);
    const caller = watchCaller(stream);
    const common = { signal: caller.signal, caller: undefined, priority: onlyText(stream, PRIORITY_HEADER) };
    let items = 0;
    let inHand = 0;
    let bytes = 0;
    let isReading = true;
    let written = Promise.resolve();

    const endWhenAnswered = (): void => {
      if (isReading || inHand > 0 || stream.destroyed) return;
      caller.answered();
      open.delete(stop);
      if (draining) stream.emit("error", GO_ELSEWHERE);
      else stream.end();
    };
    const stop = (): void => {
      isReading = false;
      stream.pause();
      endWhenAnswered();
    };
    stream.on("data", (message: Uint8Array) => {
      if (!isReading) return;
      items += 1;
      inHand += 1;
      bytes += message.length;
      if (inHand >= slots() + AHEAD || bytes >= mostBytes) stream.pause();
      const answered = answer(message, `${requestId}.${items}`, stream, common);
      // Each waits for the one before it: the order of the answers is that of the requests.
      written = written.then(async () => {
        await write(stream, await answered);
        inHand -= 1;
        bytes -= message.length;
        if (isReading) stream.resume();
        endWhenAnswered();
      });
    });
    stream.on("end", stop);
    stream.on("close", () => open.delete(stop));
    open.add(stop);
    if (draining) stop();
  };

  return {
    handle,
    endStreams() {
      draining = true;
      for (const stop of open) stop();
    },
  };
}

/** The answers that came are those of the first requests: the caller sends the others to whom it finds next. */
const GO_ELSEWHERE = {
  code: Status.UNAVAILABLE,
  details: "The gateway is stopping. What has not been answered was not run: send it again.",
};

/** Resolves when there is room for the next answer, or nobody who would read it. */
function write(stream: Stream, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.write(bytes)) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off("drain", settle).off("close", settle);
      resolve();
    };
    stream.on("drain", settle).on("close", settle);
  });
}
