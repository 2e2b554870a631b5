/** Basic Profile 1.1, section 3.3, and SOAP 1.2 part 1, section 5.4: the faults. */
import { XmlElement } from "libxml2-wasm";
import { ENVELOPES, WSA } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";
import { noneIn, replyRule, rule } from "./rule.js";

const CODES = {
  "1.1": /^(Client|Server|VersionMismatch|MustUnderstand)$/,
  "1.2": /^(Sender|Receiver|VersionMismatch|MustUnderstand|DataEncodingUnknown)$/,
} as const;

/** The other specifications whose faults SOAP 1.1 gives a code of their own namespace. */
const AUTHORITIES = [
  WSA,
  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
];

const PARTS_1_1 = "self::faultcode or self::faultstring or self::faultactor or self::detail";
const PARTS_1_2 = "self::s:Code or self::s:Reason or self::s:Node or self::s:Role or self::s:Detail";

export const FAULT_RULES: readonly MessageRule[] = [
  noneIn(
    "R1000",
    "A Fault holds only the parts that SOAP gives it.",
    `/s:Envelope/s:Body/s:Fault/*[not(${PARTS_1_1} or ${PARTS_1_2})]`,
  ),
  replyRule(
    "R1001",
    "The parts of a SOAP 1.1 Fault have no namespace, those of SOAP 1.2 have the envelope's.",
    (xml, _view, version) => {
      const namespace = version === "1.1" ? "" : ENVELOPES["1.2"];
      const path = `/s:Envelope/s:Body/s:Fault/*[namespace-uri()!='${namespace}']`;
      return xml.find(path, { s: ENVELOPES[version] }).length === 0;
    },
  ),
  replyRule(
    "R1004",
    "The code of a Fault is one of SOAP's own, or in SOAP 1.1 of a specification that has the namespace.",
    (xml, { reply }, version) => {
      if (reply.fault === undefined) return true;
      const path =
        version === "1.1"
          ? "/s:Envelope/s:Body/s:Fault/faultcode"
          : "/s:Envelope/s:Body/s:Fault/s:Code/s:Value";
      const node = xml.get(path, { s: ENVELOPES[version] });
      if (!(node instanceof XmlElement)) return false;
      const declared = node.namespaces[node.content.split(":")[0] ?? ""] ?? "";
      if (version === "1.1" && AUTHORITIES.includes(declared)) return true;
      return CODES[version].test(reply.fault) && declared === ENVELOPES[version];
    },
  ),
  replyRule("R1031", "A fault code has no dot.", (_xml, { reply }) => !(reply.fault ?? "").includes(".")),
  replyRule("SOAP 1.1, 4.4", "A fault about the header or the version has no detail.", (_xml, { reply }) => {
    const aboutHeader = reply.fault === "VersionMismatch" || reply.fault === "MustUnderstand";
    return !aboutHeader || !/<(\w+:)?[dD]etail[\s>/]/.test(reply.text ?? "");
  }),
  rule("SOAP 1.2, 5.4.2", "The reason of a SOAP 1.2 Fault says its language.", ({ reply }) => {
    return (
      reply.envelope !== "1.2" ||
      reply.fault === undefined ||
      /:Text xml:lang="[a-z-]+"/i.test(reply.text ?? "")
    );
  }),
  rule("HTTP 10.2.3", "Retry-After is a number of seconds.", ({ reply }) => {
    return reply.header("retry-after") === undefined || /^\d+$/.test(reply.header("retry-after") ?? "");
  }),
];
