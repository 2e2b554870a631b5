/**
 * Which parts of a message a signature can cover. They are found by where they stand, as the rest of the gateway finds
 * them, and only then asked for their id: an element that an attacker has moved elsewhere is no part.
 */
import { WSA, WSU } from "../../namespaces.js";
import type { XmlElement } from "../xml/xml-reader.js";
import type { Placed } from "./canonicalize.js";
import type { SignedPart } from "./policy.js";
import { attributeOf } from "./read-element.js";
import { SecurityRefusal } from "./refusal.js";
import type { SecuredMessage } from "./secured-message.js";

export interface Part extends Placed {
  /** The BinarySecurityToken may be signed, but no policy asks for it. */
  readonly kind: SignedPart | "binaryToken";
}

/** The parts that are there. */
export function partsOf({ envelope, header, body, security, parts }: SecuredMessage): readonly Part[] {
  const inSecurity = (kind: Part["kind"], element: XmlElement | undefined): readonly Part[] =>
    element === undefined ? [] : [{ kind, element, ancestors: [envelope, header, security] }];
  return [
    { kind: "body", element: body, ancestors: [envelope] },
    ...inSecurity("timestamp", parts.Timestamp),
    ...inSecurity("usernameToken", parts.UsernameToken),
    ...inSecurity("binaryToken", parts.BinarySecurityToken),
    ...header.children
      .filter(({ uri }) => uri === WSA)
      .map((element): Part => ({ kind: "addressing", element, ancestors: [envelope, header] })),
  ];
}

/** The parts by their `wsu:Id`. */
export function partsById(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const found = new Map<string, Part>();
  for (const part of parts) {
    const id = attributeOf(part.element, "Id", WSU);
    if (id !== undefined) found.set(id, part);
  }
  return found;
}

const ID = /^id$/i;

/**
 * Holds that no two elements of a message have the same id, however the attribute is spelled: two receivers could
 * otherwise mean different elements by one reference.
 * @throws SecurityRefusal
 */
export function refuseSharedIds(element: XmlElement, seen = new Set<string>()): void {
  for (const { local, value } of element.attributes) {
    if (!ID.test(local)) continue;
    if (seen.has(value)) throw new SecurityRefusal("InvalidSecurity", "Two elements have the same id.");
    seen.add(value);
  }
  for (const child of element.children) refuseSharedIds(child, seen);
}
