/** Basic Profile 1.1, section 3.4: SOAP in HTTP. */
import { MEDIA_TYPES, wantsNoMessage, type View } from "./exchange.js";
import type { MessageRule } from "./message-rules.js";
import { rule } from "./rule.js";

/**
 * Statuses of a request that HTTP itself refuses. R1125 wants them and R1126 wants 500 for every fault: where both speak, the
 * status is HTTP's and the fault says why, for the callers that read it.
 */
const REFUSED_BY_HTTP = new Set([401, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 503, 505]);

export const HTTP_RULES: readonly MessageRule[] = [
  // The profile is older than HTTP/2, which carries the same messages (RFC 9110 is of all versions).
  rule("R1141", "A message is sent by HTTP/1.1, HTTP/1.0 or HTTP/2.", ({ reply }) =>
    /^(1\.[01]|2)$/.test(reply.httpVersion),
  ),
  rule("R1132", "A request is a POST: nothing else is evaluated.", (view) => {
    return view.method === "POST" || view.reply.envelope === undefined;
  }),
  rule("R1114", "A request by another method is answered 405, with the methods there are.", (view) => {
    if (view.method === "POST" || isRead(view)) return true;
    const { status } = view.reply;
    return status === 405 ? view.reply.header("allow") !== undefined : REFUSED_BY_HTTP.has(status);
  }),
  rule("R1115", "A request of another media type is answered 415.", (view) => {
    return isMessageType(view) || view.method !== "POST" || REFUSED_BY_HTTP.has(view.reply.status);
  }),
  rule("R1111", "A reply that is no fault is 200.", ({ reply }) => {
    return reply.envelope === undefined || reply.fault !== undefined || reply.status === 200;
  }),
  rule("R1124", "2xx is for what went well.", (view) => {
    const { method, reply } = view;
    if (method !== "POST" || reply.status >= 300) return true;
    if (reply.envelope === undefined) return reply.status === 202 && wantsNoMessage(view);
    return reply.fault === undefined;
  }),
  rule(
    "R1126",
    "A fault is 500; in SOAP 1.2 a fault of the sender's is 400 (part 2, table 20).",
    ({ reply }) => {
      if (reply.fault === undefined) return true;
      // HTTP knows nothing of elements: their limits are SOAP's to hold.
      if (REFUSED_BY_HTTP.has(reply.status)) return !/\bmaxXml/.test(reply.text ?? "");
      return reply.status === (reply.envelope === "1.2" && reply.fault === "Sender" ? 400 : 500);
    },
  ),
  rule("R1029", "Who cannot be answered gets a fault.", (view) => {
    const { reply } = view;
    return (
      view.method !== "POST" ||
      REFUSED_BY_HTTP.has(reply.status) ||
      reply.status === 400 ||
      reply.envelope !== undefined ||
      wantsNoMessage(view)
    );
  }),
  rule(
    "R1130",
    "Nobody is redirected.",
    ({ reply }) => reply.status < 300 || reply.status >= 400 || reply.status === 304,
  ),
  rule("R1121", "Nobody has to keep a cookie.", ({ reply }) => reply.header("set-cookie") === undefined),
  rule(
    "R1018",
    "The media type is that of the version, with the charset of the bytes.",
    ({ version, reply }) => {
      if (reply.envelope === undefined) return true;
      // Who sends the older envelope is answered in it (SOAP 1.2 part 1, appendix A); otherwise the endpoint decides.
      const fits = reply.envelope === version || reply.fault === "VersionMismatch";
      return fits && reply.mediaType === MEDIA_TYPES[reply.envelope] && reply.charset === "utf-8";
    },
  ),
];

/** `GET ?wsdl` and the like: what is served to be read. */
function isRead({ method, reply }: View): boolean {
  return (method === "GET" || method === "HEAD") && (reply.status < 400 || reply.status === 404);
}

function isMessageType({ version, request }: View): boolean {
  return request.mediaType === MEDIA_TYPES[version];
}
