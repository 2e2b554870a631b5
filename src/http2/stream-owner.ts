/** What a stream knows of its connection, and what it is begun with. */
import type { Field } from "./field.js";
import type { Sender } from "./sender.js";

/** How a stream came to its end: what may still arrive for it depends on that (RFC 9113, 5.1). */
export type StreamEnd = "ended" | "reset here" | "reset by peer";

export interface StreamOwner {
  readonly sender: Sender;
  readonly streamWindow: number;
  readonly maxQueuedBytes: number;
  /** Called once for each stream. */
  onClosed(streamId: number, how: StreamEnd): void;
  /** A receiver threw. */
  onDefect(error: unknown): void;
}

/** A request whose fields are in order. */
export interface StreamRequest {
  readonly id: number;
  readonly fields: readonly Field[];
  /** Content-length in bytes, or `NO_LENGTH`. */
  readonly length: number;
  /** What the peer may send before anything is given back, in bytes. */
  readonly receiveWindow: number;
  /** What the peer takes of this stream, in bytes. */
  readonly sendWindow: number;
}
