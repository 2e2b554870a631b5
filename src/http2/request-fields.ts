/** What the fields of a request have to be as a whole (RFC 9113, 8.1 to 8.3). */
import type { Field } from "./field.js";

/** Answers of `checkRequest` beside a length. */
export const NO_LENGTH = -1;
export const MALFORMED = -2;

/** @returns its content-length in bytes, `NO_LENGTH` or `MALFORMED` */
export function checkRequest(fields: readonly Field[]): number {
  let method: string | undefined;
  let scheme: string | undefined;
  let authority: string | undefined;
  let path: string | undefined;
  let host: string | undefined;
  let length = NO_LENGTH;
  let isPseudo = true;
  for (const { kind, value } of fields) {
    switch (kind) {
      case ":method":
        if (!isPseudo || method !== undefined) return MALFORMED;
        method = value;
        break;
      case ":scheme":
        if (!isPseudo || scheme !== undefined) return MALFORMED;
        scheme = value;
        break;
      case ":authority":
        if (!isPseudo || authority !== undefined) return MALFORMED;
        authority = value;
        break;
      case ":path":
        if (!isPseudo || path !== undefined) return MALFORMED;
        path = value;
        break;
      case "content-length":
        isPseudo = false;
        if (length !== NO_LENGTH && length !== Number(value)) return MALFORMED;
        length = Number(value);
        break;
      case "host":
        isPseudo = false;
        if (host !== undefined) return MALFORMED;
        host = value;
        break;
      case "ordinary":
        isPseudo = false;
        break;
      case "malformed":
        return MALFORMED;
    }
  }
  if (host !== undefined && authority !== undefined && host.toLowerCase() !== authority.toLowerCase()) {
    return MALFORMED;
  }
  return hasItsPseudoFields(method, scheme, authority, path) ? length : MALFORMED;
}

function hasItsPseudoFields(
  method: string | undefined,
  scheme: string | undefined,
  authority: string | undefined,
  path: string | undefined,
): boolean {
  if (method === "CONNECT") return scheme === undefined && path === undefined && authority !== undefined;
  if (method === undefined || scheme === undefined || path === undefined) return false;
  return path !== "*" || method === "OPTIONS";
}

/** Trailers have no pseudo-header fields (RFC 9113, 8.1). */
export function areTrailers(fields: readonly Field[]): boolean {
  return fields.every(({ kind, name }) => kind !== "malformed" && !name.startsWith(":"));
}
