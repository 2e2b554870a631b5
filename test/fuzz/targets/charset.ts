/** Bytes to text: exactly what an independent decoder makes of them, or a refusal. */
import assert from "node:assert/strict";
import { GatewayError } from "../../../src/errors.js";
import { decodeText } from "../../../src/soap/charset/charset.js";
import type { FuzzTarget } from "../fuzz-target.js";

/** The first byte of an input chooses what the header says. */
const CHARSETS = [
  undefined,
  "utf-8",
  "utf-16",
  "utf-16le",
  "utf-16be",
  "us-ascii",
  "iso-8859-1",
  "utf-7",
  "__proto__",
  "",
];

const TEXTS = [
  '<a b="c">text</a>',
  '<?xml version="1.0" encoding="utf-8"?><a>\u00e9\u20ac\u{1d11e}</a>',
  '<?xml version="1.0" encoding="utf-16"?><a/>',
];

export function openCharset(): FuzzTarget {
  const plain = TEXTS.flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text, "utf16le"),
    Buffer.from(text, "utf16le").swap16(),
  ]);
  const marked = plain.flatMap((bytes) => [
    bytes,
    Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  ]);
  return {
    seeds: marked.map((bytes, index) => Buffer.concat([Buffer.from([index % CHARSETS.length]), bytes])),
    words: [
      "\u00ff\u00fe",
      "\u00fe\u00ff",
      "\uFEFF",
      "<\0",
      "\0<",
      'encoding="',
      "utf-16",
      "iso-8859-1",
      "<?xml ",
      "?>",
      "\u{1d11e}",
      "\0",
      "Lo\u00a7\u0094",
    ],
    close: () => Promise.resolve(),
    run(input) {
      const charset = CHARSETS[(input[0] ?? 0) % CHARSETS.length];
      const bytes = input.subarray(1);
      let text: string;
      try {
        text = decodeText(bytes, charset);
      } catch (error) {
        assert.ok(error instanceof GatewayError, `the decoder throws ${String(error)}`);
        assert.match(error.code, /^(invalid_input|unsupported)$/);
        return;
      }
      assert.ok(readings(bytes).includes(text), "the text is not what the bytes say");
    },
  };
}

/** What the bytes can mean in the encodings that are always allowed. */
function readings(bytes: Uint8Array): readonly string[] {
  return ["utf-8", "utf-16le", "utf-16be"].flatMap((encoding) => {
    try {
      return [new TextDecoder(encoding, { fatal: true }).decode(bytes)];
    } catch {
      return [];
    }
  });
}
