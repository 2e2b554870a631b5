/** What a protocol's server hands to the middle, and the handler it gets from it. */
import type { Protocol } from "../observe.js";
import type { Struct, Value } from "../values.js";

/** One request on its way, made once at the edge and never changed. */
export interface CallContext {
  readonly requestId: string;
  readonly protocol: Protocol;
  /** Moment on the `performance.now()` clock; made with `deadlineFor()`. */
  readonly deadlineAt: number;
  /** Bytes of the request as received. */
  readonly bytesIn: number;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
}

/** The protocol's two ends of a call; everything between them is the same for every protocol. */
export interface Codec<Reply extends { readonly length: number }> {
  /** Request bytes to inputs, by the names of the artifact. @throws GatewayError with every violation found */
  decode(): Struct;
  /** Checked result to reply bytes or text. */
  encode(result: Value): Reply;
}

/**
 * Runs one call from decode to encode and reports it once, whatever its end.
 * @throws GatewayError and nothing else
 */
export type CallHandler = <Reply extends { readonly length: number }>(
  context: CallContext,
  codec: Codec<Reply>,
) => Promise<Reply>;
