/** Content codings (RFC 9110, sections 8.4 and 12.5.3): gzip or none, in both directions. */
import { HttpRefusal } from "./http-refusal.js";

export type ContentCoding = "identity" | "gzip";

/** RFC 9110, section 8.4.1.3: `x-gzip` is the same as `gzip`. */
const CODINGS: ReadonlyMap<string, ContentCoding> = new Map([
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
]);

/**
 * How a body is coded, by its `Content-Encoding`.
 * @throws HttpRefusal 415 for any other coding, and for more than one
 */
export function contentCoding(header: string | undefined): ContentCoding {
  if (header === undefined) return "identity";
  const named = elements(header).map((name) => CODINGS.get(name));
  const applied = named.filter((coding) => coding !== "identity");
  const [coding = "identity", ...more] = applied;
  if (applied.includes(undefined) || more.length > 0) {
    throw new HttpRefusal(
      415,
      "unsupported",
      "The Content-Encoding of the request is not supported: send the body as it is, or compressed once with gzip.",
      { headers: { "Accept-Encoding": "gzip, identity" } },
    );
  }
  return coding;
}

const QVALUE = /^([^\s;]+)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * Whether a reply may be sent with gzip, by the `Accept-Encoding` of its request. A caller that names nothing gets
 * nothing compressed; one that would rather have the plain bytes gets these.
 */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  const qualities = new Map<string, number>();
  for (const element of elements(header)) {
    const [, name, quality = "1"] = QVALUE.exec(element) ?? [];
    if (name !== undefined) qualities.set(name, Number(quality));
  }
  const gzip = qualities.get("gzip") ?? qualities.get("x-gzip") ?? qualities.get("*") ?? 0;
  return gzip > 0 && gzip >= (qualities.get("identity") ?? 0);
}

/** The elements of a list, in small letters (RFC 9110, section 5.6.1). */
function elements(header: string): string[] {
  return header
    .split(",")
    .map((element) => element.trim().toLowerCase())
    .filter((element) => element !== "");
}
