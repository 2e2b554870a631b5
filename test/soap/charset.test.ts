import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../src/errors.js";
import { decodeText } from "../../src/soap/charset.js";

const TEXT = "<a>\u00e9\u{1d11e}</a>";

function utf16(text: string, order: "le" | "be", mark: boolean): Buffer {
  const bytes = Buffer.from((mark ? "\uFEFF" : "") + text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

test("UTF-8 and UTF-16 are read by mark, header, first character and declaration", () => {
  const declared = `<?xml version="1.0" encoding="UTF-8"?>${TEXT}`;
  assert.equal(decodeText(Buffer.from(TEXT), undefined), TEXT);
  assert.equal(decodeText(Buffer.from(TEXT), "utf-8"), TEXT);
  assert.equal(decodeText(Buffer.from(declared), undefined), declared);
  assert.equal(decodeText(Buffer.from(`\uFEFF${TEXT}`), "utf-8"), TEXT);
  for (const order of ["le", "be"] as const) {
    assert.equal(decodeText(utf16(TEXT, order, true), undefined), TEXT);
    assert.equal(decodeText(utf16(TEXT, order, true), "utf-16"), TEXT);
    assert.equal(decodeText(utf16(TEXT, order, false), "utf-16"), TEXT);
    assert.equal(decodeText(utf16(TEXT, order, false), `utf-16${order}`), TEXT);
    assert.equal(decodeText(utf16(TEXT, order, false), undefined), TEXT);
  }
});

test("the header stands over a declaration that a transcoding gateway left behind", () => {
  const stale = `<?xml version="1.0" encoding="IBM-1047"?>${TEXT}`;
  assert.equal(decodeText(Buffer.from(stale), "utf-8"), stale);
});

test("another charset is unsupported; wrong bytes are refused, never replaced", () => {
  const latin1 = Buffer.from("<a>\u00e9</a>", "latin1");
  const cases: [Uint8Array, string | undefined, string][] = [
    [latin1, "iso-8859-1", "unsupported"],
    [Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a/>'), undefined, "unsupported"],
    [Buffer.from("<a/>"), "__proto__", "unsupported"],
    [latin1, "utf-8", "invalid_input"],
    [latin1, undefined, "invalid_input"],
    [Buffer.from([0x3c, 0xc0, 0xaf]), "utf-8", "invalid_input"],
    [utf16("<a/>", "le", true), "utf-8", "invalid_input"],
    [Buffer.from("<a/>"), "utf-16", "invalid_input"],
    [Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a/>'), undefined, "invalid_input"],
    [utf16("<a>\uD800</a>", "le", true), undefined, "invalid_input"],
  ];
  for (const [bytes, charset, code] of cases) {
    assert.throws(
      () => decodeText(bytes, charset),
      (error) => error instanceof GatewayError && error.code === code,
    );
  }
});
