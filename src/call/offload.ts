/** Both ends of a call in another thread, as the protocols ask for them. `src/offload.ts` provides it. */
import type { Prepared } from "./call.js";
import type { HeaderListener } from "./message-header.js";

/** What a reply is made of, by protocol. */
export interface OffloadedReply {
  readonly soap: string;
  readonly soap12: string;
  readonly grpc: Uint8Array;
}

export type OffloadedProtocol = keyof OffloadedReply;

/** What a request was found to be. */
export interface PreparedElsewhere extends Prepared {
  /** Name of the operation that it asks for. */
  readonly operation: string;
}

export interface Offload {
  /**
   * Decodes, checks and pickles a request.
   * @param heard gets the header of the message, also when the request is then refused
   * @throws GatewayError like the same work here
   */
  prepare(
    work: {
      readonly protocol: OffloadedProtocol;
      /** Alias of the service. */
      readonly service: string;
      readonly body: Uint8Array;
      /** What else of the request decides how it is read. */
      readonly contentType?: string | undefined;
      readonly action?: string | undefined;
    },
    heard?: HeaderListener,
  ): Promise<PreparedElsewhere>;
  /**
   * Reads, checks and encodes a result.
   * @param operation whose reply it is, where a protocol has several; absent: the service's own
   * @throws GatewayError `output_invalid`
   */
  finish<P extends OffloadedProtocol>(
    protocol: P,
    service: string,
    result: Uint8Array,
    operation?: string,
  ): Promise<OffloadedReply[P]>;
}
