/** What a protocol's server hands to the middle, and the handler it gets from it. */
import type { Protocol } from "../observe.js";
import type { Struct, Value } from "../values.js";
import type { Flow } from "./flow.js";
import type { Gone } from "./gone.js";

/** One request on its way, made once at the edge and never changed. */
export interface CallContext extends Flow {
  readonly requestId: string;
  readonly protocol: Protocol;
  /** Moment on the `performance.now()` clock; made with `deadlineFor()`. */
  readonly deadlineAt: number;
  /** Bytes of the request as received. */
  readonly bytesIn: number;
  /** Aborted when the caller has gone. */
  readonly signal?: Gone;
}

/** The inputs of a call as Python gets them. */
export interface Prepared {
  readonly inputs: Uint8Array;
  /** Rows of the only table; 0 where there is none, or more than one. */
  readonly rows: number;
}

/** Both ends of a call, with the checks between them and Python, where they do not hold up other calls. */
export interface Elsewhere<Reply> {
  /** Request bytes to inputs. @throws GatewayError like `decode` and the checks that follow it */
  prepare(): Promise<Prepared>;
  /** What Python answered to reply bytes or text. @throws GatewayError `output_invalid` */
  finish(result: Uint8Array): Promise<Reply>;
}

/** Reply bytes or text. */
export interface Sized {
  readonly length: number;
}

/** The protocol's two ends of a call; everything between them is the same for every protocol. */
export interface Codec<Reply extends Sized> {
  /**
   * Request bytes to inputs, by the names of the artifact; at once, unless its caller has to be found out by work that must
   * not be done here.
   * @throws GatewayError with every violation found
   */
  decode(): Struct | Promise<Struct>;
  /** Checked result to reply bytes or text. */
  encode(result: Value): Reply;
  /** Name of the operation that the request asks for, once it is decoded; absent: the service's own. */
  readonly operation?: () => string;
  /** Name that the caller has proved, once the request is decoded; absent, or `undefined`: none. */
  readonly provedCaller?: () => string | undefined;
  /** For messages so large that decoding them here would hold up everybody else. */
  readonly elsewhere?: Elsewhere<Reply> | undefined;
}

/**
 * Runs one call from decode to encode and reports it once, whatever its end.
 * @throws GatewayError and nothing else
 */
export type CallHandler = <Reply extends Sized>(context: CallContext, codec: Codec<Reply>) => Promise<Reply>;
