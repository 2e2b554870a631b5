/** Rules of the profile about requests: what the reply to one that breaks them must be. */
import type { XmlDocument } from "libxml2-wasm";
import { elements, ENVELOPES, has, type View } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";
import { outcome, rule } from "./rule.js";

/** Who a header block is for when it is for this service, by version: SOAP 1.1 section 4.2.2, SOAP 1.2 part 1 section 2.2. */
const OURS = {
  "1.1": "(not(@s:actor) or @s:actor='' or @s:actor='http://schemas.xmlsoap.org/soap/actor/next')",
  "1.2": `(not(@s:role) or @s:role='' or @s:role='${ENVELOPES["1.2"]}/role/next' or @s:role='${ENVELOPES["1.2"]}/role/ultimateReceiver')`,
} as const;

const MANDATORY = {
  "1.1": "normalize-space(@s:mustUnderstand)='1'",
  "1.2": "(normalize-space(@s:mustUnderstand)='1' or normalize-space(@s:mustUnderstand)='true')",
} as const;

/** The header blocks that a service may understand: WS-Security and WS-Addressing. */
const KNOWN_HEADERS = new Set([
  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
  "http://www.w3.org/2005/08/addressing",
]);

/** Codes of a detail that say that the request was not read to its end. */
const READ_NO_FURTHER = new Set([
  "too_large",
  "deadline_exceeded",
  "overloaded",
  "unavailable",
  "internal",
  "unauthenticated",
]);

export const REQUEST_RULES: readonly MessageRule[] = [
  rule("XML 1.0", "What is not well-formed is refused.", (view) => {
    const { text, xml } = view.request;
    return view.method !== "POST" || text === undefined || xml !== undefined || view.reply.status !== 200;
  }),
  refused("R1008", "A document type declaration is refused.", (xml) => xml.dtd !== null),
  refused(
    "R1009",
    "A processing instruction is refused.",
    (xml) => xml.find("//processing-instruction()").length > 0,
  ),
  refused("R1015", "Another root than Envelope is refused.", (xml) => xml.root.name !== "Envelope"),
  rule("R1015 version", "An Envelope of another namespace gets VersionMismatch.", (view) => {
    const xml = readable(view);
    if (xml?.root.name !== "Envelope" || isForbidden(xml) || stoppedEarly(view)) return true;
    return xml.root.namespaceUri === ENVELOPES[view.version] || view.reply.fault === "VersionMismatch";
  }),
  refused("R1011", "What follows the Body is refused.", (xml, { version }) =>
    has(xml, "/s:Envelope/s:Body/following-sibling::*", version),
  ),
  refused(
    "R9981",
    "A Body holds one element.",
    (xml, { version }) => elements(xml, "/s:Envelope/s:Body/*", version).length !== 1,
  ),
  refused("R1014", "The element in the Body has a namespace.", (xml, { version }) =>
    has(xml, "/s:Envelope/s:Body/*[namespace-uri()='']", version),
  ),
  refused("R1005", "An encodingStyle on an element of the envelope is refused.", (xml, { version }) =>
    has(xml, "//s:*[@s:encodingStyle]", version),
  ),
  refused("R1006", "An encodingStyle in the Body is refused.", (xml, { version }) =>
    has(xml, "/s:Envelope/s:Body//*[@s:encodingStyle]", version),
  ),
  refused(
    "R1032",
    "An attribute of the envelope's namespace on one of its own elements is refused.",
    (xml, { version }) =>
      has(xml, "/s:Envelope/@s:* | /s:Envelope/s:Header/@s:* | /s:Envelope/s:Body/@s:*", version),
  ),
  refused("R1013", "mustUnderstand is 0 or 1, in SOAP 1.2 a boolean.", (xml, { version }) => {
    const allowed =
      version === "1.1" ? /^[ \t\r\n]*[01][ \t\r\n]*$/ : /^[ \t\r\n]*([01]|true|false)[ \t\r\n]*$/;
    const found = xml.find("/s:Envelope/s:Header/*/@s:mustUnderstand", { s: ENVELOPES[version] });
    return found.some(({ content }) => !allowed.test(content));
  }),
  rule("R1027", "A header that must be understood and is not gets MustUnderstand.", (view) => {
    const xml = readable(view);
    if (xml === undefined || isForbidden(xml) || stoppedEarly(view)) return true;
    const path = `/s:Envelope/s:Header/*[${MANDATORY[view.version]} and ${OURS[view.version]}]`;
    const unknown = elements(xml, path, view.version).some(
      ({ namespaceUri }) => !KNOWN_HEADERS.has(namespaceUri),
    );
    if (!unknown) return true;
    // An envelope that is not one at all may be told so instead, but it is never evaluated.
    return view.reply.fault === "MustUnderstand" || (!isWhole(xml, view) && view.reply.status !== 200);
  }),
  rule("R2744", "Who names an action gets an answer only when it is that of the body.", (view) => {
    const xml = readable(view);
    const action = view.request.action?.replace(/^"(.*)"$/s, "$1") ?? "";
    if (xml === undefined || action === "" || view.reply.status !== 200) return true;
    const [payload] = elements(xml, "/s:Envelope/s:Body/*", view.version);
    return payload !== undefined && action === `${payload.namespaceUri}:${payload.name}`;
  }),
];

/** A rule about requests whose breach must not be evaluated. */
function refused(id: string, says: string, breaks: (xml: XmlDocument, view: View) => boolean): MessageRule {
  return rule(id, says, (view) => {
    const xml = readable(view);
    if (xml === undefined || !breaks(xml, view)) return true;
    // Ours is the fault only where something of ours failed before the request was read.
    const { status, fault } = view.reply;
    return status !== 200 && (fault === undefined || !/^(Server|Receiver)$/.test(fault) || stoppedEarly(view))
      ? true
      : outcome(view);
  });
}

/** The request of a POST as XML. */
function readable({ method, request }: View): XmlDocument | undefined {
  return method === "POST" ? request.xml : undefined;
}

function isForbidden(xml: XmlDocument): boolean {
  return xml.dtd !== null || xml.find("//processing-instruction()").length > 0;
}

/** Whether the envelope has the parts that SOAP gives it. */
function isWhole(xml: XmlDocument, { version }: View): boolean {
  return (
    has(xml, "/s:Envelope[s:Body]", version) &&
    !has(
      xml,
      "/s:Envelope/*[not(self::s:Header or self::s:Body)] | /s:Envelope/s:Body/following-sibling::*",
      version,
    ) &&
    !has(xml, "/s:Envelope/s:Header[2] | //s:*[@s:encodingStyle]", version) &&
    !has(xml, "/s:Envelope/text()[normalize-space()!='']", version)
  );
}

/** Whether the reply says that HTTP, a limit or a want of room ended the request before its envelope was looked at. */
function stoppedEarly({ reply }: View): boolean {
  if (reply.fault === undefined) return reply.status !== 200;
  const code = /<code>(\w+)<\/code>/.exec(reply.text ?? "")?.[1] ?? "";
  const byCharset = code === "unsupported" && reply.fault !== "MustUnderstand";
  return reply.status === 415 || byCharset || READ_NO_FURTHER.has(code);
}
