/**
 * The single-byte charsets that may be allowed, byte by byte. Each EBCDIC page has the characters of ISO-8859-1 in another
 * order; the newer ones have the euro in the place of one of them. The test compares every byte with the codecs of
 * Python, `npm run test:interop` with those of Java.
 */
import type { OptionalCharset } from "../../limits.js";

/** Stands for a byte that its charset does not define; no character of XML. */
export const UNDEFINED = 0xffff;

/** UTF-16 code units by byte. */
export type CharsetTable = Uint16Array;

/** Code points in hexadecimal, two digits for each byte. */
const EBCDIC_US =
  "000102039c09867f978d8e0b0c0d0e0f101112139d8508871819928f1c1d1e1f80818283840a171b88898a8b8c050607" +
  "909116939495960498999a9b14159e1a20a0e2e4e0e1e3e5e7f1a22e3c282b7c26e9eaebe8edeeefecdf21242a293bac" +
  "2d2fc2c4c0c1c3c5c7d1a62c255f3e3ff8c9cacbc8cdcecfcc603a2340273d22d8616263646566676869abbbf0fdfeb1" +
  "b06a6b6c6d6e6f707172aabae6b8c6a4b57e737475767778797aa1bfd0dddeae5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7" +
  "7b414243444546474849adf4f6f2f3f57d4a4b4c4d4e4f505152b9fbfcf9faff5cf7535455565758595ab2d4d6d2d3d5" +
  "30313233343536373839b3dbdcd9da9f";
const EBCDIC_INTERNATIONAL =
  "000102039c09867f978d8e0b0c0d0e0f101112139d8508871819928f1c1d1e1f80818283840a171b88898a8b8c050607" +
  "909116939495960498999a9b14159e1a20a0e2e4e0e1e3e5e7f15b2e3c282b2126e9eaebe8edeeefecdf5d242a293b5e" +
  "2d2fc2c4c0c1c3c5c7d1a62c255f3e3ff8c9cacbc8cdcecfcc603a2340273d22d8616263646566676869abbbf0fdfeb1" +
  "b06a6b6c6d6e6f707172aabae6b8c6a4b57e737475767778797aa1bfd0dddeaea2a3a5b7a9a7b6bcbdbeac7cafa8b4d7" +
  "7b414243444546474849adf4f6f2f3f57d4a4b4c4d4e4f505152b9fbfcf9faff5cf7535455565758595ab2d4d6d2d3d5" +
  "30313233343536373839b3dbdcd9da9f";
// The overline at BC is U+00AF, as Java, ICU and glibc have it; Python alone reads U+203E.
const EBCDIC_GERMAN =
  "000102039c09867f978d8e0b0c0d0e0f101112139d8508871819928f1c1d1e1f80818283840a171b88898a8b8c050607" +
  "909116939495960498999a9b14159e1a20a0e27be0e1e3e5e7f1c42e3c282b2126e9eaebe8edeeefec7edc242a293b5e" +
  "2d2fc25bc0c1c3c5c7d1f62c255f3e3ff8c9cacbc8cdcecfcc603a23a7273d22d8616263646566676869abbbf0fdfeb1" +
  "b06a6b6c6d6e6f707172aabae6b8c6a4b5df737475767778797aa1bfd0dddeaea2a3a5b7a940b6bcbdbeac7cafa8b4d7" +
  "e4414243444546474849adf4a6f2f3f5fc4a4b4c4d4e4f505152b9fb7df9faffd6f7535455565758595ab2d45cd2d3d5" +
  "30313233343536373839b3db5dd9da9f";

// In EBCDIC the place of the euro.
const EURO = [0x9f, 0x20ac] as const;

// A line ends with NL (15) on z/OS and with LF (25) in what was converted. Read by the tables as they are, NL would be
// U+0085, which is no white space in XML 1.0, and no document with lines could be read. Both are line feeds here.
const LINE_ENDS = [
  [0x15, 0x0a],
  [0x25, 0x0a],
] as const;

/** In what IBM-1047 differs from IBM-037: brackets, circumflex, not sign, capital Y acute, diaeresis. */
const OPEN_SYSTEMS = [
  [0x5f, 0x5e],
  [0xad, 0x5b],
  [0xb0, 0xac],
  [0xba, 0xdd],
  [0xbb, 0xa8],
  [0xbd, 0x5d],
] as const;

// ISO/IEC 8859-1 defines nothing here, and IANA's charset of that name controls that nobody sends. What is sent is
// windows-1252 under a wrong name, so these bytes are refused: there are two things that they could mean.
const C1 = 0x80;
const C1_END = 0xa0;

/** 80 to 9F of windows-1252, of the Unicode consortium's table; a space where it defines nothing. */
const WINDOWS_C1 =
  "\u20ac \u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152 \u017d  \u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153 \u017e\u0178";

export const CHARSET_TABLES = {
  "iso-8859-1": latin((byte) => (byte < C1 || byte >= C1_END ? byte : UNDEFINED)),
  "windows-1252": latin((byte) => (byte < C1 || byte >= C1_END ? byte : windowsControl(byte))),
  ibm037: ebcdic(EBCDIC_US),
  ibm500: ebcdic(EBCDIC_INTERNATIONAL),
  ibm1047: ebcdic(EBCDIC_US, ...OPEN_SYSTEMS),
  ibm1140: ebcdic(EBCDIC_US, EURO),
  ibm1141: ebcdic(EBCDIC_GERMAN, EURO),
} as const satisfies Record<OptionalCharset, CharsetTable>;

function latin(unitOf: (byte: number) => number): CharsetTable {
  return Uint16Array.from({ length: 256 }, (_, byte) => unitOf(byte));
}

function windowsControl(byte: number): number {
  const character = WINDOWS_C1.charAt(byte - C1);
  return character === " " ? UNDEFINED : character.charCodeAt(0);
}

function ebcdic(hex: string, ...others: readonly (readonly [byte: number, unit: number])[]): CharsetTable {
  const table = Uint16Array.from(Buffer.from(hex, "hex"));
  for (const [byte, unit] of [...LINE_ENDS, ...others]) table[byte] = unit;
  return table;
}
