/** What may stand in one WS-Addressing header block: an IRI, or an endpoint reference (Core sections 2 and 3). */
import type { ReplyEndpoint } from "../../call/message-header.js";
import { WSA } from "../../namespaces.js";
import { ANONYMOUS, NONE } from "./names.js";
import { SoapRefusal, type RefusalReason } from "../fault/refusals.js";
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";

/** Longest IRI that is taken, in characters: the id of a request comes back in its reply. */
const MAX_IRI = 1024;

// RFC 3987, section 2.2: a scheme, then no character that an IRI has to write as an escape.
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{C}<>"{}|\\^`]+$/u;

const ENDPOINTS: ReadonlyMap<string, ReplyEndpoint> = new Map([
  [ANONYMOUS, "anonymous"],
  [NONE, "none"],
]);

/** The text of a block that `checkIri` has nothing against. */
export function textOf(block: XmlElement | undefined): string | undefined {
  return block === undefined ? undefined : collapse(block.text);
}

/** Where a reply goes by a block that `checkReplyEndpoint` has nothing against. */
export function endpointOf(block: XmlElement | undefined): ReplyEndpoint | undefined {
  const [address] = block === undefined ? [] : addressesOf(block);
  return ENDPOINTS.get(textOf(address) ?? "");
}

export function checkIri(block: XmlElement): SoapRefusal | undefined {
  if (isIri(block)) return undefined;
  const reason = block.local === "To" ? "addressing_address" : "addressing_invalid";
  return refuseBlock(reason, block.local, `must be an absolute IRI of at most ${MAX_IRI} characters`);
}

/** Of `From`: any endpoint reference, because nobody is going to use it. */
export function checkSource(block: XmlElement): SoapRefusal | undefined {
  const [address, ...more] = addressesOf(block);
  if (address === undefined)
    return refuseBlock("addressing_address_missing", block.local, "has no wsa:Address");
  if (more.length > 0)
    return refuseBlock("addressing_endpoint", block.local, "has more than one wsa:Address");
  return isIri(address)
    ? undefined
    : refuseBlock("addressing_address", block.local, "must hold an absolute IRI");
}

/** Of `ReplyTo` and `FaultTo`: only the way back, or none at all. */
export function checkReplyEndpoint(block: XmlElement): SoapRefusal | undefined {
  const wrong = checkSource(block);
  if (wrong !== undefined) return wrong;
  if (endpointOf(block) === undefined) {
    return refuseBlock(
      "addressing_anonymous_only",
      block.local,
      `must be ${ANONYMOUS}: no other address is called`,
    );
  }
  // They would come back as header blocks of the reply: a caller could write one that is ours to write.
  const parameters = childrenOf(block, "ReferenceParameters");
  return parameters.every(({ children }) => children.length === 0)
    ? undefined
    : refuseBlock(
        "addressing_endpoint",
        block.local,
        "has reference parameters, which are not sent back: leave them out",
      );
}

function isIri({ text, children }: XmlElement): boolean {
  const iri = collapse(text);
  return children.length === 0 && iri.length <= MAX_IRI && ABSOLUTE_IRI.test(iri);
}

function addressesOf(block: XmlElement): readonly XmlElement[] {
  return childrenOf(block, "Address");
}

function childrenOf({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter(({ uri, local }) => uri === WSA && local === name);
}

/** A refusal that names the block, and nothing of what it holds. */
export function refuseBlock(reason: RefusalReason, local: string, what: string): SoapRefusal {
  return new SoapRefusal(reason, `The header wsa:${local} ${what}.`, [{ uri: WSA, local }]);
}
