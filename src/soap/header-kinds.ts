/** The kinds of header blocks that are understood, in the order in which they are read. */
import type { MessageHeader } from "../call/message-header.js";
import type { GatewayError } from "../errors.js";
import type { XmlElement, XmlName } from "./xml/xml-reader.js";

/** The parts of a message that a kind of header blocks may be about. */
export interface HeaderedMessage {
  readonly envelope: XmlElement;
  /** Every block that is for this service. */
  readonly blocks: readonly XmlElement[];
  readonly body: XmlElement;
  /** What the request says it asks for, as received; empty when it says nothing. */
  readonly action: string;
}

export interface HeaderReading {
  readonly header: MessageHeader;
  /** Why the request is refused. Not thrown, because the refusal has to answer what was read so far. */
  readonly problem?: GatewayError;
}

/** What a reply says: the answer of the operation of a name, or that there is none. */
export type Outcome = { readonly operation: string } | { readonly fault: GatewayError };

export interface HeaderKind {
  /** Whether requests without such a block have to be refused, so that every request has to be looked at. */
  readonly required: boolean;
  understands(name: XmlName): boolean;
  read(message: HeaderedMessage): HeaderReading;
  /** The blocks of the reply to a request with this header, as XML; empty when there are none. */
  answer(header: MessageHeader, outcome: Outcome): string;
}

/** Reads the header of a message by every kind, up to the first problem. */
export function readHeader(kinds: readonly HeaderKind[], message: HeaderedMessage): HeaderReading {
  let header: MessageHeader = {};
  for (const kind of kinds) {
    const { header: read, problem } = kind.read(message);
    header = { ...header, ...read };
    if (problem !== undefined) return { header, problem };
  }
  return { header };
}

/** The blocks of a reply, as XML; empty when there are none. */
export function answerHeader(kinds: readonly HeaderKind[], header: MessageHeader, outcome: Outcome): string {
  return kinds.map((kind) => kind.answer(header, outcome)).join("");
}
