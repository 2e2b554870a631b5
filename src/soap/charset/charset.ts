/**
 * Request bytes to text, by byte order mark, `Content-Type`, then XML declaration (RFC 7303, section 3.2). UTF-8 and
 * UTF-16 are always read, as the WS-I Basic Profile asks (R1012), others where the deployer allows them. What
 * contradicts itself is refused, and so is a wrong byte: nothing is guessed and nothing replaced.
 */
import { isAscii } from "node:buffer";
import { GatewayError } from "../../errors.js";
import type { OptionalCharset } from "../../limits.js";
import { charsetsNamed, type Charset, type Unicode } from "./charset-names.js";
import { CHARSET_TABLES, UNDEFINED } from "./charset-tables.js";

/** What the first bytes of a document say of its charset (XML 1.0, appendix F). */
interface Beginning {
  readonly bytes: readonly number[];
  /** The charsets in which a document can begin with these bytes; the first is meant where none is named. */
  readonly charsets: readonly [Charset, ...Charset[]];
  /** How its XML declaration can be read before the charset is known: by what all of the charsets have in common. */
  readonly declarationAs: Charset;
}

const EBCDIC = ["ibm037", "ibm500", "ibm1047", "ibm1140", "ibm1141"] as const;
const ASCII = ["utf-8", "iso-8859-1", "windows-1252"] as const;

const BEGINNINGS: readonly Beginning[] = [
  // Byte order marks.
  { bytes: [0xef, 0xbb, 0xbf], charsets: ["utf-8"], declarationAs: "utf-8" },
  { bytes: [0xff, 0xfe], charsets: ["utf-16le"], declarationAs: "utf-16le" },
  { bytes: [0xfe, 0xff], charsets: ["utf-16be"], declarationAs: "utf-16be" },
  // The first `<`: no XML begins with what else these bytes could be.
  { bytes: [0x3c, 0x00], charsets: ["utf-16le"], declarationAs: "utf-16le" },
  { bytes: [0x00, 0x3c], charsets: ["utf-16be"], declarationAs: "utf-16be" },
  { bytes: [0x3c], charsets: ASCII, declarationAs: "utf-8" },
  { bytes: [0x4c], charsets: EBCDIC, declarationAs: "ibm037" },
  // White space, or no XML at all: whatever is named is tried.
  { bytes: [], charsets: [...ASCII, ...EBCDIC], declarationAs: "utf-8" },
];

/** Bytes in which a declaration is looked for. */
const LONGEST_DECLARATION = 400;

const DECLARED = /^\ufeff?<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;

/**
 * @param name the charset parameter of the `Content-Type`, when there is one
 * @param allowed charsets beside UTF-8 and UTF-16
 * @throws GatewayError `unsupported` for a charset that is not read or not allowed; `invalid_input` when the bytes are
 * not of the charset
 */
export function decodeText(
  bytes: Uint8Array,
  name: string | undefined,
  allowed: readonly OptionalCharset[] = [],
): string {
  const beginning = BEGINNINGS.find((row) => row.bytes.every((byte, index) => bytes[index] === byte));
  if (beginning === undefined) throw new Error("Every document has a beginning.");
  // What the header says stands; a declaration inside may be stale, because gateways transcode without rewriting it.
  const charset = choose(name ?? declaredName(bytes, beginning), beginning);
  if (isUnicode(charset)) return decodeUnicode(bytes, charset);
  if (!allowed.includes(charset)) {
    const remedy = `send UTF-8, or have "${charset}" added to the setting charsets`;
    throw new GatewayError("unsupported", `The charset of the request is not allowed: ${remedy}.`);
  }
  return decodeSingleBytes(bytes, charset);
}

function choose(name: string | undefined, { charsets }: Beginning): Charset {
  if (name === undefined) {
    const [meant] = charsets;
    if (isUnicode(meant)) return meant;
    const remedy = "name its charset in the Content-Type or in the XML declaration";
    throw new GatewayError("unsupported", `The request is in EBCDIC and does not say in which: ${remedy}.`);
  }
  const named = charsetsNamed(name);
  if (named === undefined) {
    throw new GatewayError(
      "unsupported",
      "The charset of the request is not supported: use UTF-8 or UTF-16.",
    );
  }
  const charset = named.find((candidate) => charsets.includes(candidate));
  if (charset !== undefined) return charset;
  throw new GatewayError("invalid_input", "The bytes of the request are not in the charset that it names.");
}

function declaredName(bytes: Uint8Array, { declarationAs }: Beginning): string | undefined {
  const start = bytes.subarray(0, LONGEST_DECLARATION);
  const text = isUnicode(declarationAs)
    ? new TextDecoder(declarationAs).decode(start)
    : decodeSingleBytes(start, declarationAs);
  return DECLARED.exec(text)?.[1];
}

function isUnicode(charset: Charset): charset is Unicode {
  return charset.startsWith("utf-");
}

function decodeUnicode(bytes: Uint8Array, charset: Unicode): string {
  // Most requests are, and then a decoder costs more than the copy.
  if (charset === "utf-8" && isAscii(bytes)) return latin1(bytes);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError("invalid_input", `The request is not valid ${charset.toUpperCase()}.`);
  }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

function decodeSingleBytes(bytes: Uint8Array, charset: OptionalCharset): string {
  const table: Uint16Array = CHARSET_TABLES[charset];
  const units = Buffer.allocUnsafe(2 * bytes.length);
  let at = 0;
  for (const byte of bytes) {
    const unit = table[byte] ?? UNDEFINED;
    if (unit === UNDEFINED) {
      const hint = charset === "iso-8859-1" ? ": if it is windows-1252, name that" : "";
      throw new GatewayError(
        "invalid_input",
        `The request has a byte that ${charset} does not define${hint}.`,
      );
    }
    units[at] = unit & 0xff;
    units[at + 1] = unit >> 8;
    at += 2;
  }
  return units.toString("utf16le");
}
