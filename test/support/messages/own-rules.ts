/** What this gateway promises beyond the profile. */
import { values, WSA, type View } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";
import { replyRule, rule } from "./rule.js";

/** A fault fits into the buffer of a COBOL program. */
const MAX_FAULT_BYTES = 4096;

/** Shorter texts of a caller may be words of ours too. */
const MIN_TELLING_LENGTH = 8;

export const OWN_RULES: readonly MessageRule[] = [
  rule("own length", "A reply says its length, which is that of its body.", ({ method, reply }) => {
    if (reply.status === 304 || method === "HEAD") return true;
    return reply.header("content-length") === String(reply.body.length);
  }),
  rule("own type", "The media type of the request is not sent back.", ({ reply }) => {
    return /^(text\/xml|application\/soap\+xml|text\/plain|)$/.test(reply.mediaType);
  }),
  replyRule(
    "own fault size",
    "A fault is short, and its text is one line of ASCII of at most 255 characters.",
    (xml, { reply }) => {
      if (reply.fault === undefined) return true;
      const text = xml.get("//*[local-name()='faultstring' or local-name()='Text']")?.content ?? "";
      return reply.body.length <= MAX_FAULT_BYTES && /^[\x20-\x7e]{1,255}$/.test(text);
    },
  ),
  replyRule("own leak", "A fault tells nothing of our insides.", (_xml, { reply }) => {
    if (reply.fault === undefined) return true;
    return !/\bat \S+:\d+|node_modules|Traceback|\.(js|ts|py)\b|\/(home|root|srv|tmp|usr|work)\//.test(
      reply.text ?? "",
    );
  }),
  rule("own echo", "A fault sends back no value of the request, but the id of the message.", (view) => {
    if (view.reply.fault === undefined || view.request.xml === undefined) return true;
    const told = sayable(view);
    const sent = values(view.request.xml).map((value) => value.trim());
    const secrets = sent.filter((value) => !value.startsWith(WSA));
    return !secrets.some((secret) => secret.length >= MIN_TELLING_LENGTH && told.includes(secret));
  }),
];

/** The reply without what is no value: the ids of request and message, and the namespaces of envelope and contract. */
function sayable({ reply, request }: View): string {
  const declared = [
    ...(request.text ?? "").matchAll(/\sxmlns(?::[\w.-]+)?=["']((?:urn:artifact-gateway:|http:)[^"']+)["']/g),
  ];
  const known = [reply.header("x-request-id"), ...new Set(declared.map(([, namespace]) => namespace))];
  return known.reduce<string>(
    (text, name = "") => (name === "" ? text : text.replaceAll(name, "")),
    (reply.text ?? "").replace(/<wsa:RelatesTo[^>]*>[^<]*<\/wsa:RelatesTo>/, ""),
  );
}
