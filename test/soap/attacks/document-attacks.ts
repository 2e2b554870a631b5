/** Attacks by what a document begins with, ends with and is written in. */
import { income, payload, type Attack } from "./attack.js";

const documents: readonly Attack[] = [
  { name: "empty body", request: () => "", becomes: "invalid_input" },
  { name: "white space alone", request: () => " \n", becomes: "invalid_input" },
  {
    name: "truncated document",
    request: ({ envelope }) => envelope(payload()).slice(0, -20),
    becomes: "invalid_input",
  },
  {
    name: "truncated in a tag",
    request: ({ envelope }) => envelope(payload()).slice(0, 40),
    becomes: "invalid_input",
  },
  { name: "trailing bytes", request: ({ envelope }) => `${envelope(payload())}x`, becomes: "invalid_input" },
  { name: "trailing NUL", request: ({ envelope }) => `${envelope(payload())}\0`, becomes: "invalid_input" },
  { name: "two roots", request: ({ envelope }) => envelope(payload()).repeat(2), becomes: "invalid_input" },
  {
    name: "text before the root",
    request: ({ envelope }) => `x${envelope(payload())}`,
    becomes: "invalid_input",
  },
  {
    name: "declaration not at the start",
    request: ({ envelope }) => ` <?xml version="1.0"?>${envelope(payload())}`,
    becomes: "invalid_input",
  },
  {
    name: "XML 1.1",
    request: ({ envelope }) => `<?xml version="1.1"?>${envelope(payload())}`,
    becomes: "invalid_input",
  },
];

const characters: readonly Attack[] = [
  ...[
    "&#0;",
    "&#x1F;",
    "&#xD800;",
    "&#xFFFE;",
    "&#x110000;",
    "&#;",
    "&#-1;",
    "&#x;",
    "&#99999999999999999999;",
    "\u0001",
    "\uFFFE",
    "]]>",
    "&",
    "<",
  ].map((text): Attack => ({
    name: `illegal character ${JSON.stringify(text)}`,
    request: ({ envelope }) => envelope(income(text)),
    becomes: "invalid_input",
  })),
  {
    name: "lone surrogate in UTF-16",
    request: ({ envelope, mediaType }) => ({
      body: Buffer.from(`\uFEFF${envelope(income("\uD800"))}`, "utf16le"),
      headers: { "Content-Type": `${mediaType}; charset=utf-16` },
    }),
    becomes: "invalid_input",
  },
  {
    name: "surrogates in UTF-8",
    request: ({ envelope }) => bytes(envelope(income("@")), [0xed, 0xa0, 0x80]),
    becomes: "invalid_input",
  },
  {
    name: "overlong form in UTF-8",
    request: ({ envelope }) => bytes(envelope(income("@")), [0xc0, 0xbc]),
    becomes: "invalid_input",
  },
  {
    name: "byte order mark of UTF-8",
    request: ({ envelope }) => `\uFEFF${envelope(payload())}`,
    becomes: "answered",
  },
  {
    name: "byte order mark twice",
    request: ({ envelope }) => `\uFEFF\uFEFF${envelope(payload())}`,
    becomes: "invalid_input",
  },
  {
    name: "byte order mark of UTF-32",
    request: ({ envelope }) =>
      Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from(envelope(payload()))]),
    becomes: "invalid_input",
  },
  {
    name: "mark of UTF-16 under charset UTF-8",
    request: ({ envelope }) => Buffer.from(`\uFEFF${envelope(payload())}`, "utf16le"),
    becomes: "invalid_input",
  },
  {
    name: "UTF-8 under charset UTF-16",
    request: ({ envelope, mediaType }) => ({
      body: envelope(payload()),
      headers: { "Content-Type": `${mediaType}; charset=utf-16` },
    }),
    becomes: "invalid_input",
  },
  {
    name: "odd number of bytes in UTF-16",
    request: ({ envelope, mediaType }) => ({
      body: Buffer.from(`\uFEFF${envelope(payload())}`, "utf16le").subarray(0, -1),
      headers: { "Content-Type": `${mediaType}; charset=utf-16` },
    }),
    becomes: "invalid_input",
  },
  {
    name: "UTF-7",
    request: ({ envelope, mediaType }) => ({
      body: envelope(payload()),
      headers: { "Content-Type": `${mediaType}; charset=utf-7` },
    }),
    becomes: "unsupported",
  },
];

/** The text with one character replaced by bytes that are no UTF-8. */
function bytes(text: string, wrong: readonly number[]): Uint8Array {
  const [before = "", after = ""] = text.split("@");
  return Buffer.concat([Buffer.from(before), Buffer.from(wrong), Buffer.from(after)]);
}

export const DOCUMENT_ATTACKS: readonly Attack[] = [...documents, ...characters];
