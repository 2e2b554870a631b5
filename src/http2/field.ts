/** One header field, and what RFC 9113 (8.2, 8.3.1) says of it by itself. */

/**
 * `malformed` fields make their message malformed. Pseudo-header fields and the two fields that are checked against
 * something else have kinds of their own.
 */
export type FieldKind =
  ":method" | ":scheme" | ":authority" | ":path" | "content-length" | "host" | "ordinary" | "malformed";

/** Strings have one character for each octet (ISO 8859-1). */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** Judged once: a field in a table of the decoder is used many times. */
  readonly kind: FieldKind;
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
/** No user information, which RFC 9113 forbids, and nothing that ends an authority (RFC 3986, 3.2). */
const AUTHORITY = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]%]*$/;
const PATH = /^(?:\/[\x21-\x7e]*|\*)$/;
const DIGITS = /^[0-9]{1,15}$/;
/** No control characters but the tab, which RFC 9110, 5.5, allows within a value; nothing beyond one octet. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const OUTER_SPACE = /^[\t ]|[\t ]$/;

/** What a value has to look like, and the kind of field that it then is. */
const KNOWN: ReadonlyMap<string, readonly [RegExp, FieldKind]> = new Map<
  string,
  readonly [RegExp, FieldKind]
>([
  [":method", [METHOD, ":method"]],
  [":scheme", [SCHEME, ":scheme"]],
  [":authority", [AUTHORITY, ":authority"]],
  [":path", [PATH, ":path"]],
  ["host", [AUTHORITY, "host"]],
  ["content-length", [DIGITS, "content-length"]],
  ["te", [/^trailers$/i, "ordinary"]],
]);

/** They speak of one connection of HTTP/1.1 (RFC 9113, 8.2.2). */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

export function makeField(name: string, value: string): Field {
  return { name, value, kind: kindOf(name, value) };
}

function kindOf(name: string, value: string): FieldKind {
  const known = KNOWN.get(name);
  if (known !== undefined) return known[0].test(value) ? known[1] : "malformed";
  const isAllowed =
    NAME.test(name) && VALUE.test(value) && !OUTER_SPACE.test(value) && !CONNECTION_SPECIFIC.has(name);
  return isAllowed ? "ordinary" : "malformed";
}

/**
 * The value of a field, `undefined` when there is none. Fields that are repeated are joined (RFC 9110, 5.2), the
 * crumbs of a cookie in their own way (RFC 9113, 8.2.3).
 */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  let value: string | undefined;
  for (const field of fields) {
    if (field.name !== name) continue;
    value = value === undefined ? field.value : `${value}${name === "cookie" ? "; " : ", "}${field.value}`;
  }
  return value;
}

/** Every value of a field, in order. */
export function fieldValues(fields: readonly Field[], name: string): string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}
