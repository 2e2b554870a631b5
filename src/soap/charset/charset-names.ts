/** What callers call a charset: the names of IANA, and those that Java, .NET, ICU, z/OS and CICS write. */
import type { OptionalCharset } from "../../limits.js";

export type Unicode = "utf-8" | "utf-16le" | "utf-16be";
export type Charset = Unicode | OptionalCharset;

/** Before the number of an IBM code page. CICS and MQ say CCSID; IANA has some of these for some of the pages. */
const BEFORE_NUMBER = [
  "",
  "ibm",
  "ibm-",
  "ibm_",
  "x-ibm-",
  "cp",
  "cp-",
  "csibm",
  "ccsid",
  "ccsid-",
  "ccsid_",
];

const NAMES = {
  "utf-8": ["utf-8", "utf8"],
  "utf-16le": ["utf-16le", "utf-16"],
  "utf-16be": ["utf-16be", "utf-16"],
  "iso-8859-1": [
    ...["iso-8859-1", "iso_8859-1", "iso8859-1", "iso8859_1", "8859_1", "iso_8859-1:1987", "iso-ir-100"],
    ...["latin1", "latin-1", "l1", "csisolatin1", ...numbered(819)],
  ],
  "windows-1252": ["windows-1252", "cswindows1252", "cp1252", "cp-1252", "ibm-1252", "ibm1252"],
  ibm037: [
    ...numbered(37),
    ...["us", "ca", "wt", "nl"].flatMap((country) => [`ebcdic-cp-${country}`, `csebcdic-cp-${country}`]),
  ],
  ibm500: [...numbered(500), "ebcdic-cp-be", "ebcdic-cp-ch"],
  ibm1047: numbered(1047),
  ibm1140: [...numbered(1140), "ebcdic-us-37+euro"],
  ibm1141: [...numbered(1141), "ebcdic-de-273+euro"],
} as const satisfies Record<Charset, readonly string[]>;

const CHARSETS = new Map<string, Charset[]>();
for (const charset of Object.keys(NAMES) as Charset[]) {
  for (const name of NAMES[charset]) CHARSETS.set(name, [...(CHARSETS.get(name) ?? []), charset]);
}

/** @returns the charsets that a name stands for, of which the bytes decide; `undefined` for a name that is not known */
export function charsetsNamed(name: string): readonly Charset[] | undefined {
  return CHARSETS.get(name.toLowerCase());
}

/** 37 is also written 037 and 00037. */
function numbered(page: number): readonly string[] {
  const numbers = new Set([1, 3, 4, 5].map((length) => String(page).padStart(length, "0")));
  return BEFORE_NUMBER.flatMap((before) => [...numbers].map((number) => before + number));
}
