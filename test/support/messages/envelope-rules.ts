/** Basic Profile 1.1, sections 3.1 and 3.2: the envelope of every reply. */
import { ENVELOPES } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";
import { noneIn, replyRule, rule } from "./rule.js";

export const ENVELOPE_RULES: readonly MessageRule[] = [
  rule("R9980", "A reply with the media type of a message to a POST is an envelope.", ({ method, reply }) => {
    return (
      method !== "POST" ||
      !/^(text\/xml|application\/soap\+xml)$/.test(reply.mediaType) ||
      reply.envelope !== undefined
    );
  }),
  noneIn(
    "R9980 parts",
    "An Envelope holds an optional Header and one Body.",
    "/s:Envelope/*[not(self::s:Header or self::s:Body)] | /s:Envelope/s:Header[preceding-sibling::*] | /s:Envelope/s:Body[2] | /s:Envelope[not(s:Body)]",
  ),
  noneIn("R1011 reply", "Nothing follows the Body.", "/s:Envelope/s:Body/following-sibling::*"),
  noneIn("R9981 reply", "The Body holds one element.", "/s:Envelope/s:Body[count(*)!=1]"),
  noneIn(
    "R1014 reply",
    "The element in the Body has a namespace.",
    "/s:Envelope/s:Body/*[namespace-uri()='']",
  ),
  replyRule("R1008 reply", "There is no document type declaration.", (xml) => xml.dtd === null),
  replyRule(
    "R1009 reply",
    "There is no processing instruction.",
    (xml) => xml.find("//processing-instruction()").length === 0,
  ),
  noneIn("R1005 reply", "There is no encodingStyle.", "//*[@s:encodingStyle]"),
  replyRule(
    "R1032 reply",
    "Envelope, Header and Body have no attribute of the envelope's namespace.",
    (xml, _view, version) => {
      const path = "/s:Envelope/@s:* | /s:Envelope/s:Header/@s:* | /s:Envelope/s:Body/@s:*";
      return xml.find(path, { s: ENVELOPES[version] }).length === 0;
    },
  ),
  replyRule(
    "R1033",
    "The prefix xml is not declared.",
    (_xml, { reply }) => !/\sxmlns:xml\s*=/.test(reply.text ?? ""),
  ),
  replyRule("R1013 reply", "mustUnderstand is 0 or 1.", (xml, _view, version) => {
    const found = xml.find("//@s:mustUnderstand", { s: ENVELOPES[version] });
    return found.every(({ content }) => content === "0" || content === "1");
  }),
  replyRule("R1012", "The envelope is UTF-8, and its declaration says so.", (_xml, { reply }) => {
    return /^<\?xml version="1\.0" encoding="utf-8"\?>/i.test(reply.text ?? "");
  }),
  replyRule(
    "R4001",
    "There is no byte order mark: callers of the older kind stumble over it.",
    (_xml, { reply }) => {
      return reply.body[0] === 0x3c || reply.header("content-encoding") !== undefined;
    },
  ),
];
