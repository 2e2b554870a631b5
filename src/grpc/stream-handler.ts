/** `EvaluateStream` as a handler of grpc-js: for streams that the short road of `scoring-stream.ts` does not take. */
import { Metadata } from "@grpc/grpc-js";
import type { ServerDuplexStream, handleBidiStreamingCall } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { defer, type Deferred } from "../deferred.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { onlyText, remainingMs, watchCaller } from "./caller-watch.js";
import { GO_ELSEWHERE, startScoring, type ScoringOptions, type StreamFailure } from "./evaluate-stream.js";
import { readCaller } from "./forwarded-caller.js";

type Stream = ServerDuplexStream<Uint8Array, Uint8Array>;

export interface StreamHandler {
  readonly handle: handleBidiStreamingCall<Uint8Array, Uint8Array>;
  /** Reads nothing more from any stream, answers what was read, and tells the callers to go on elsewhere. */
  endStreams(): void;
}

export function createStreamHandler(options: ScoringOptions): StreamHandler {
  const open = new Set<() => void>();
  let draining = false;

  const handle = (stream: Stream): void => {
    const requestId = requestIdFrom(onlyText(stream, REQUEST_ID_HEADER));
    const headers = new Metadata();
    headers.set(REQUEST_ID_HEADER, requestId);
    stream.sendMetadata(headers);
    const caller = watchCaller(stream);
    /** Waits until the caller has taken what was written. */
    let room: Deferred<undefined> | undefined;
    const onRoom = (): void => {
      room?.resolve(undefined);
      room = undefined;
    };
    const scoring = startScoring(
      {
        requestId,
        signal: caller.signal,
        caller: readCaller(stream),
        priority: onlyText(stream, PRIORITY_HEADER),
        remainingMs: () => remainingMs(stream),
        pause: () => void stream.pause(),
        resume: () => void stream.resume(),
        write: (message) => {
          if (stream.destroyed || stream.write(message)) return Promise.resolve();
          room ??= defer();
          return room.promise;
        },
        end: (failure) => {
          if (stream.destroyed) return;
          caller.answered();
          open.delete(goElsewhere);
          if (failure === undefined) stream.end();
          else stream.emit("error", { ...failure, metadata: metadataOf(failure) });
        },
      },
      options,
    );
    const goElsewhere = (): void => scoring.stop(GO_ELSEWHERE);
    stream.on("data", (message: Uint8Array) => scoring.onMessage(message));
    stream.on("end", () => scoring.stop());
    stream.on("drain", onRoom);
    stream.on("close", () => {
      open.delete(goElsewhere);
      onRoom();
    });
    open.add(goElsewhere);
    if (draining) goElsewhere();
  };

  return {
    handle,
    endStreams() {
      draining = true;
      for (const goElsewhere of open) goElsewhere();
    },
  };
}

function metadataOf({ trailers = [] }: StreamFailure): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of trailers) metadata.set(name, value);
  return metadata;
}
