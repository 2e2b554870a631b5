/** Which media types are taken and given (RFC 9110, sections 8.3 and 12.5.1). */
import { HttpRefusal } from "../http/http-refusal.js";
import { parseMediaType } from "../http/media-type.js";

export const JSON_TYPE = "application/json";

/** @throws HttpRefusal 415 for a request that is not JSON in UTF-8 */
export function requireJson(contentType: string | undefined): void {
  const sent = parseMediaType(contentType);
  if (sent?.type === JSON_TYPE && (sent.charset === undefined || sent.charset === "utf-8")) return;
  const message = `A request must have the Content-Type ${JSON_TYPE}, and be in UTF-8.`;
  throw new HttpRefusal(415, "unsupported", message, { headers: { Accept: JSON_TYPE } });
}

const RANGE = /^([^\s;]+)[ \t]*(?:;.*)?$/;
const QUALITY = /;[ \t]*q=([0-9.]+)[ \t]*(?:;|$)/;

/** From the most to the least specific: the first that a caller names is the one that counts. */
const RANGES = [JSON_TYPE, "application/*", "*/*"];

/**
 * Errors are problem details whatever a caller accepts: to say nothing would help nobody.
 * @throws HttpRefusal 406 for a caller that does not take JSON
 */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === "") return;
  const qualities = new Map<string, number>();
  for (const element of accept.toLowerCase().split(",")) {
    const range = RANGE.exec(element.trim())?.[1];
    if (range !== undefined) qualities.set(range, Number(QUALITY.exec(element)?.[1] ?? 1));
  }
  const named = RANGES.find((range) => qualities.has(range));
  if (named !== undefined && qualities.get(named) !== 0) return;
  throw new HttpRefusal(
    406,
    "unsupported",
    `Replies are ${JSON_TYPE}: the Accept of the request has to allow it.`,
  );
}
