/** Bytes to text: exactly what an independent decoder makes of them, or a refusal. */
import assert from "node:assert/strict";
import { GatewayError } from "../../../src/errors.js";
import { OPTIONAL_CHARSETS, type OptionalCharset } from "../../../src/limits.js";
import { decodeText } from "../../../src/soap/charset/charset.js";
import { charsetOracle } from "../../soap/charset-oracle.js";
import type { FuzzTarget } from "../fuzz-target.js";

const UNICODE = ["utf-8", "utf-16le", "utf-16be"] as const;

type Reading = (bytes: Uint8Array) => string | undefined;

/** What the header can say, and the charsets that this may mean; absent: by the bytes, any. */
const NAMES: readonly (readonly [name: string | undefined, meant?: readonly string[]])[] = [
  [undefined],
  ["utf-8", ["utf-8"]],
  ["UTF-16", ["utf-16le", "utf-16be"]],
  ["utf-16le", ["utf-16le"]],
  ["utf-16be", ["utf-16be"]],
  ...OPTIONAL_CHARSETS.map((charset) => [charset, [charset]] as const),
  ["Cp00037", ["ibm037"]],
  ["us-ascii", []],
  ["utf-7", []],
  ["__proto__", []],
  ["", []],
];

const DECLARED = ["utf-8", "utf-16", ...OPTIONAL_CHARSETS];

export function openCharset(): FuzzTarget {
  const tables = charsetOracle();
  const readings = new Map<string, Reading>([
    ...UNICODE.map((name) => [name, unicodeReading(name)] as const),
    ...OPTIONAL_CHARSETS.map((name) => [name, tableReading(tables[name])] as const),
  ]);
  const encode = (text: string, charset: OptionalCharset): Buffer =>
    Buffer.from(Array.from(text, (character) => Math.max(0, tables[charset].indexOf(character))));
  const inEvery = (text: string): readonly Buffer[] => [
    Buffer.from(text),
    Buffer.from(text, "utf16le"),
    Buffer.from(text, "utf16le").swap16(),
    ...OPTIONAL_CHARSETS.map((charset) => encode(text, charset)),
  ];
  const declarations = DECLARED.map((name) => `<?xml version="1.0" encoding="${name}"?>`);
  const texts = [
    '<a b="c">[text]</a>',
    "<a>\u00e9\u00e4\u20ac\u{1d11e}</a>",
    ...declarations.map((it) => `${it}<a/>`),
  ];
  return {
    // The first two bytes choose what the header says and what is allowed.
    seeds: texts
      .flatMap(inEvery)
      .map((bytes, index) => Buffer.concat([Buffer.from([index % NAMES.length, index % 3]), bytes])),
    words: [
      ...[
        [0xff, 0xfe],
        [0xfe, 0xff],
        [0xef, 0xbb, 0xbf],
        [0, 0],
        [0x15],
        [0x25],
        [0x9f],
        [0x80],
        [0xad],
        [0xbc],
      ].map((bytes) => Uint8Array.from(bytes)),
      ...["<\0", "\0<", "\0", "\u{1d11e}", "<?xml ", "?>", 'encoding="', "'", ...DECLARED],
      ...[...declarations, "<?xml ", 'encoding="'].flatMap(inEvery),
    ],
    close: () => Promise.resolve(),
    run(input) {
      const [name, meant = [...readings.keys()]] = NAMES[(input[0] ?? 0) % NAMES.length] ?? [undefined];
      const allowed = allowedBy(input[1] ?? 0);
      const bytes = input.subarray(2);
      let text: string;
      try {
        text = decodeText(bytes, name, allowed);
      } catch (error) {
        assert.ok(error instanceof GatewayError, `the decoder throws ${String(error)}`);
        assert.match(error.code, /^(invalid_input|unsupported)$/);
        return;
      }
      const possible = meant.filter((charset) => [...UNICODE, ...allowed].some((other) => other === charset));
      assert.ok(
        possible.some((charset) => readings.get(charset)?.(bytes) === text),
        "the text is not what the bytes say in a charset that is named and allowed",
      );
    },
  };
}

/** None, all, or a single one of the optional charsets. */
function allowedBy(byte: number): readonly OptionalCharset[] {
  if (byte % 3 === 0) return [];
  const one = OPTIONAL_CHARSETS[byte % OPTIONAL_CHARSETS.length];
  return byte % 3 === 1 || one === undefined ? OPTIONAL_CHARSETS : [one];
}

function unicodeReading(encoding: (typeof UNICODE)[number]): Reading {
  return (bytes) => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      return undefined;
    }
  };
}

function tableReading(table: readonly (string | undefined)[]): Reading {
  return (bytes) => {
    const characters = Array.from(bytes, (byte) => table[byte]);
    return characters.includes(undefined) ? undefined : characters.join("");
  };
}
