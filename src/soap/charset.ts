/**
 * Request bytes to text, by byte order mark, `Content-Type`, then XML declaration (RFC 7303, section 3.2). UTF-8 and
 * UTF-16 are supported, which is what the WS-I Basic Profile allows (R1012); a wrong byte is refused, never replaced.
 */
import { GatewayError } from "../errors.js";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

interface Mark {
  readonly encoding: Encoding;
  readonly bytes: readonly number[];
}

const BYTE_ORDER_MARKS: readonly Mark[] = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
];

// XML 1.0, appendix F: without a mark, the first `<` tells the two orders of UTF-16 apart.
const FIRST_CHARACTERS: readonly Mark[] = [
  { encoding: "utf-16le", bytes: [0x3c, 0x00] },
  { encoding: "utf-16be", bytes: [0x00, 0x3c] },
];

/** The encodings that each supported charset name can stand for. */
const CHARSETS: ReadonlyMap<string, readonly Encoding[]> = new Map([
  ["utf-8", ["utf-8"]],
  ["utf8", ["utf-8"]],
  ["utf-16", ["utf-16le", "utf-16be"]],
  ["utf-16le", ["utf-16le"]],
  ["utf-16be", ["utf-16be"]],
]);

const DECLARED = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;

/**
 * @param charset the charset parameter of the `Content-Type`, in small letters
 * @throws GatewayError `unsupported` for another charset; `invalid_input` when the bytes are not of the charset
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined): string {
  const marked = BYTE_ORDER_MARKS.find((mark) => startsWith(bytes, mark))?.encoding;
  const seen = marked ?? FIRST_CHARACTERS.find((mark) => startsWith(bytes, mark))?.encoding ?? "utf-8";
  // What the header says stands; a declaration inside may be stale, because gateways transcode without rewriting it.
  const named = charset ?? (marked === undefined && seen === "utf-8" ? declaredCharset(bytes) : undefined);
  if (named !== undefined && !allowed(named).includes(seen)) {
    throw new GatewayError("invalid_input", "The bytes of the request are not in the charset that it names.");
  }
  try {
    return new TextDecoder(seen, { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError("invalid_input", `The request is not valid ${seen.toUpperCase()}.`);
  }
}

function allowed(charset: string): readonly Encoding[] {
  const encodings = CHARSETS.get(charset);
  if (encodings !== undefined) return encodings;
  throw new GatewayError("unsupported", "The charset of the request is not supported: use UTF-8 or UTF-16.");
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 300)).toString("latin1");
  return DECLARED.exec(start)?.[1]?.toLowerCase();
}

function startsWith(bytes: Uint8Array, mark: Mark): boolean {
  return mark.bytes.every((byte, index) => bytes[index] === byte);
}
