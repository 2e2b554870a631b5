/** What the bytes of the single-byte charsets stand for, by Python's codecs. */
import { execFileSync } from "node:child_process";
import { OPTIONAL_CHARSETS, type OptionalCharset } from "../../src/limits.js";

/** By byte; undefined where a byte stands for nothing. */
type ByteTable = readonly (string | undefined)[];

/** Python's codecs for the pages, but for what is said below of each. */
const PYTHON_CODECS: Record<OptionalCharset, string> = {
  "iso-8859-1": "latin-1",
  "windows-1252": "cp1252",
  ibm037: "cp037",
  ibm500: "cp500",
  ibm1047: "cp037",
  ibm1140: "cp1140",
  ibm1141: "cp273",
};

const C1 = Array.from({ length: 0x20 }, (_, at) => [0x80 + at, undefined] as const);

/** Where a page is another than Python's codec, by byte. */
const OTHERWISE: Record<OptionalCharset, readonly (readonly [number, string | undefined])[]> = {
  "iso-8859-1": C1,
  "windows-1252": [],
  ibm037: [],
  ibm500: [],
  // Python has no codec for it. It is 037 with these six in other places; the interop tests ask Java.
  ibm1047: [
    [0x5f, "^"],
    [0xad, "["],
    [0xb0, "\u00ac"],
    [0xba, "\u00dd"],
    [0xbb, "\u00a8"],
    [0xbd, "]"],
  ],
  ibm1140: [],
  // 273 with the euro; and the overline, for which Python is alone with U+203E.
  ibm1141: [
    [0x9f, "\u20ac"],
    [0xbc, "\u00af"],
  ],
};

/** What each byte stands for to Python; undefined where it stands for nothing. */
function pythonTables(): Record<string, (string | null)[]> {
  const program = `
import json, sys
def decode(codec, byte):
    try: return bytes([byte]).decode(codec)
    except UnicodeDecodeError: return None
print(json.dumps({codec: [decode(codec, byte) for byte in range(256)] for codec in sys.argv[1:]}))`;
  const codecs = [...new Set(Object.values(PYTHON_CODECS))];
  const output = execFileSync("python3", ["-c", program, ...codecs], { encoding: "utf8" });
  return JSON.parse(output) as Record<string, (string | null)[]>;
}

export function charsetOracle(): Readonly<Record<OptionalCharset, ByteTable>> {
  const tables = pythonTables();
  const tableOf = (charset: OptionalCharset): ByteTable => {
    const table = tables[PYTHON_CODECS[charset]]?.map((character) => character ?? undefined) ?? [];
    for (const [byte, character] of OTHERWISE[charset]) table[byte] = character;
    // Both of the ends of line that z/OS has are XML's.
    if (charset.startsWith("ibm")) table[0x15] = table[0x25] = "\n";
    return table;
  };
  return Object.fromEntries(OPTIONAL_CHARSETS.map((charset) => [charset, tableOf(charset)])) as Record<
    OptionalCharset,
    ByteTable
  >;
}
