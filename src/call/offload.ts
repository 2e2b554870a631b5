/** Both ends of a call in another thread, as the protocols ask for them. `src/offload.ts` provides it. */
import type { Prepared } from "./call.js";
import type { Gone } from "./gone.js";
import type { HeaderListener } from "./message-header.js";

export const OFFLOADED_PROTOCOLS = ["soap", "soap12", "grpc", "json", "oip"] as const;

export type OffloadedProtocol = (typeof OFFLOADED_PROTOCOLS)[number];

/** What a request was found to be. */
export interface PreparedElsewhere extends Prepared {
  /** Name of the operation that it asks for. */
  readonly operation: string;
}

/** Who waits for the work, and for how long. Work that nobody waits for any more is not begun. */
export interface Wait {
  /** Moment on the `performance.now()` clock. */
  readonly deadlineAt: number;
  /** Aborted when the caller has gone. */
  readonly signal?: Gone | undefined;
}

export interface RequestWork extends Wait {
  readonly protocol: OffloadedProtocol;
  /** Alias of the service. */
  readonly service: string;
  /** Is gone afterwards: its memory goes to the thread. */
  readonly body: Uint8Array;
  /** What else of the request decides how it is read. */
  readonly contentType?: string | undefined;
  readonly action?: string | undefined;
}

export interface ResultWork extends Wait {
  readonly protocol: OffloadedProtocol;
  /** Alias of the service. */
  readonly service: string;
  /** What Python answered. Is gone afterwards: its memory goes to the thread. */
  readonly result: Uint8Array;
  /** Whose reply it is, where a protocol has several operations; absent: the service's own. */
  readonly operation?: string | undefined;
  /** What stands before and behind the reply itself, where the protocol is text. */
  readonly around?: Around;
  /** What its caller chose, where a protocol lets callers choose. */
  readonly form?: TensorForm;
}

/** How the tensors of a reply are to be. */
export interface TensorForm {
  /** Whether their contents are raw: as in the request. */
  readonly isRaw: boolean;
  /** Names of those that are wanted; `undefined`: all. */
  readonly wanted: readonly string[] | undefined;
}

/** Text around a reply. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

export interface Offload {
  /**
   * Decodes, checks and pickles a request.
   * @param heard gets the header of the message, also when the request is then refused
   * @throws GatewayError like the same work here; `deadline_exceeded` when nobody waits any more, `too_large` when the
   * memory of a thread does not suffice
   */
  prepare(work: RequestWork, heard?: HeaderListener): Promise<PreparedElsewhere>;
  /**
   * Reads, checks and encodes a result to the whole reply.
   * @throws GatewayError `output_invalid`; `deadline_exceeded` when nobody waits any more
   */
  finish(work: ResultWork): Promise<Uint8Array>;
}
