/**
 * Reads the two fields of a response's header block that decide a call, `:status` and `grpc-status` (HPACK, RFC 7541).
 * The dynamic table is switched off by the client's SETTINGS, so every block stands by itself.
 */

export interface StatusFields {
  readonly status?: string;
  readonly grpcStatus?: string;
}

const STATIC_ENTRIES = 61;
/** Entries of the static table that are `:status`, the first being number 8. */
const FIRST_STATUS = 8;
const INDEXED_STATUSES = ["200", "204", "206", "304", "400", "404", "500"];
const GRPC_STATUS = Buffer.from("grpc-status", "latin1");
/** The same name in the code of RFC 7541, appendix B. */
const GRPC_STATUS_HUFFMAN = Buffer.from("9acac8b21234da8f", "hex");

/** The fields, or `"malformed"` for anything else than a whole block of literals and entries of the static table. */
export function readStatusFields(block: Buffer): StatusFields | "malformed" {
  const reader = createBlockReader(block);
  let status: string | undefined;
  let grpcStatus: string | undefined;
  while (reader.more()) {
    const first = block[reader.position()] ?? 0;
    if (first >= 0x80) {
      const index = reader.integer(7);
      if (index < 1 || index > STATIC_ENTRIES) return "malformed";
      status ??= INDEXED_STATUSES[index - FIRST_STATUS];
    } else if (first >= 0x20 && first < 0x40) {
      reader.integer(5);
    } else {
      const nameIndex = reader.integer(first >= 0x40 ? 6 : 4);
      if (nameIndex > STATIC_ENTRIES) return "malformed";
      const isGrpcStatus = nameIndex === 0 && isNameOfGrpcStatus(reader.string());
      const value = reader.string();
      if (isGrpcStatus) grpcStatus = digitsOf(value);
      else if (INDEXED_STATUSES[nameIndex - FIRST_STATUS] !== undefined) status = digitsOf(value);
    }
  }
  if (reader.isBroken()) return "malformed";
  return { ...(status === undefined ? {} : { status }), ...(grpcStatus === undefined ? {} : { grpcStatus }) };
}

interface HpackString {
  readonly bytes: Buffer;
  readonly isHuffman: boolean;
}

function createBlockReader(block: Buffer): {
  more(): boolean;
  position(): number;
  isBroken(): boolean;
  integer(prefixBits: number): number;
  string(): HpackString;
} {
  let at = 0;
  /** Integers of header blocks are small: a longer one is not one of a server. */
  const integer = (prefixBits: number): number => {
    const most = 2 ** prefixBits - 1;
    let value = (block[at] ?? 0) & most;
    at += 1;
    if (value < most) return value;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = block[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    at = Infinity;
    return 0;
  };
  return {
    more: () => at < block.length,
    position: () => at,
    isBroken: () => at !== block.length,
    integer,
    string() {
      const isHuffman = (block[at] ?? 0) >= 0x80;
      const length = integer(7);
      const bytes = block.subarray(at, at + length);
      at += length;
      return { bytes, isHuffman };
    },
  };
}

function isNameOfGrpcStatus({ bytes, isHuffman }: HpackString): boolean {
  return bytes.equals(isHuffman ? GRPC_STATUS_HUFFMAN : GRPC_STATUS);
}

/** Text of a status; `"?"` when it is not digits, which no status of a success is. */
function digitsOf({ bytes, isHuffman }: HpackString): string {
  if (!isHuffman) return bytes.toString("latin1");
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  let digits = "";
  let at = 0;
  // 0, 1 and 2 have five bits, from 00000; 3 to 9 have six, from 011001; what is left over is filled with ones.
  while (/^(?:000|011)/.test(bits.slice(at))) {
    const isShort = bits.startsWith("000", at);
    const code = Number.parseInt(bits.slice(at, at + (isShort ? 5 : 6)), 2);
    const digit = isShort ? code : code - 22;
    if (isShort ? digit > 2 : digit < 3) return "?";
    digits += String(digit);
    at += isShort ? 5 : 6;
  }
  return /^1{0,7}$/.test(bits.slice(at)) ? digits : "?";
}
