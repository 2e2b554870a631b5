/**
 * What the header of a request told, in protocols that put one into the message itself. Plain data: it comes back from
 * the threads that read large messages.
 */
export interface MessageHeader {
  readonly addressing?: AddressingHeader;
  readonly security?: SecurityHeader;
}

/** Where an answer may go: over the connection of the request, or nowhere. No address is ever called. */
export type ReplyEndpoint = "anonymous" | "none";

/** A request that says which message it is and what is to become of its answer (WS-Addressing). */
export interface AddressingHeader {
  /** An absolute IRI: what the reply must name as the message that it answers. Absent when the request has no id. */
  readonly messageId: string | undefined;
  /** Name of the operation that the request says it asks for; absent when it says none that there is. */
  readonly operation: string | undefined;
  readonly replyTo: ReplyEndpoint;
  readonly faultTo: ReplyEndpoint;
}

/** A request that says who sent it, and what is left to be found out before that may be believed. */
export interface SecurityHeader {
  /** The name that was proved; absent when the policy asks for none. */
  readonly caller: string | undefined;
  /** What tells this message from any other: it may be taken once. */
  readonly replay: readonly ReplayKey[];
  /** A password to be checked against a stored hash, or against nobody's. Never logged. */
  readonly unproven?: { readonly name: string; readonly password: string };
  /** Whether the request had a Timestamp, so that its reply has one too. */
  readonly isTimestamped: boolean;
}

export interface ReplayKey {
  /** Of a fixed length. */
  readonly key: string;
  /** When the message would be refused for its age anyhow, in milliseconds since 1970; a function of the message alone. */
  readonly until: number;
}

/** The header of a request that has none, or of one that was not read so far. */
export const NO_HEADER: MessageHeader = Object.freeze({});

/** Gets the header of a request as soon as it is read, whatever is found wrong with the request afterwards. */
export type HeaderListener = (header: MessageHeader) => void;
