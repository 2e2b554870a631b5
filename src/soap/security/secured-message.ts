/** A message with its Security header, taken apart. */
import { WSSE, WSU } from "../../namespaces.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { DS } from "./names.js";
import { childrenOf } from "./read-element.js";

const KNOWN = { Timestamp: WSU, UsernameToken: WSSE, BinarySecurityToken: WSSE, Signature: DS } as const;

export interface SecuredMessage {
  readonly envelope: XmlElement;
  readonly header: XmlElement;
  readonly body: XmlElement;
  /** The Security header that is for this service. */
  readonly security: XmlElement;
  readonly parts: Readonly<Partial<Record<keyof typeof KNOWN, XmlElement>>>;
}

/** @throws SecurityRefusal for anything else in the Security header, and for a part that it has twice */
export function takeApart(envelope: XmlElement, body: XmlElement, security: XmlElement): SecuredMessage {
  const header = envelope.children.find((child) => child.children.includes(security));
  if (header === undefined) throw new Error("The Security header is not of this envelope.");
  return { envelope, header, body, security, parts: childrenOf(security, KNOWN) };
}
