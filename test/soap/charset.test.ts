import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../src/errors.js";
import { OPTIONAL_CHARSETS, type OptionalCharset } from "../../src/limits.js";
import { decodeText } from "../../src/soap/charset/charset.js";
import { newStruct } from "../../src/values.js";
import { charsetOracle } from "./charset-oracle.js";
import { envelope, payload, startHarness } from "./soap-harness.js";

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
    [latin1, "koi8-r", "unsupported"],
    [Buffer.from('<?xml version="1.0" encoding="KOI8-R"?><a/>'), undefined, "unsupported"],
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

/** The character of a byte, behind the first two that a document can have; undefined where it is refused. */
function characterOf(byte: number, charset: OptionalCharset): string | undefined {
  const first = charset.startsWith("ibm") ? 0x4c : 0x3c;
  try {
    return decodeText(Uint8Array.of(first, first, byte), charset, [charset]).slice(2);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === "invalid_input");
    return undefined;
  }
}

test("every byte of every page is what Python's codec says, but for what is listed", () => {
  const tables = charsetOracle();
  for (const charset of OPTIONAL_CHARSETS) {
    const expected = tables[charset];
    assert.equal(expected.length, 256);
    assert.deepEqual(
      expected.map((_, byte) => characterOf(byte, charset)),
      expected,
      charset,
    );
  }
});

/** A text in one of the pages, by looking every byte up. */
function encode(text: string, charset: OptionalCharset): Buffer {
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [characterOf(byte, charset), byte]));
  return Buffer.from(Array.from(text, (character) => bytes.get(character) ?? assert.fail(character)));
}

test("an allowed charset is read by header or by declaration, and the header stands over the declaration", () => {
  for (const charset of OPTIONAL_CHARSETS) {
    const plain = "<a b='[1]'>\u00e4!|^</a>";
    assert.equal(decodeText(encode(plain, charset), charset, [charset]), plain);
    assert.equal(decodeText(encode(` ${plain}`, charset), charset, [charset]), ` ${plain}`);
    const declared = `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>${plain}`;
    assert.equal(decodeText(encode(declared, charset), undefined, [charset]), declared);
    const stale = `<?xml version="1.0" encoding="UTF-8"?>${plain}`;
    assert.equal(decodeText(encode(stale, charset), charset, [charset]), stale);
  }
});

test("a line of z/OS ends with NL or LF, and both are line feeds of XML", () => {
  const bytes = encode("<a>\n</a>\n", "ibm1047").map((byte) => (byte === 0x25 ? 0x15 : byte));
  assert.ok(bytes.includes(0x15));
  assert.equal(decodeText(bytes, "ibm-1047", ["ibm1047"]), "<a>\n</a>\n");
});

test("a charset has the names that Java, .NET, z/OS, CICS and IANA give it", () => {
  const names: Record<OptionalCharset, string> = {
    "iso-8859-1": "ISO-8859-1 iso8859-1 latin1 ISO8859_1 IBM819 ccsid819 cp819 csISOLatin1",
    "windows-1252": "windows-1252 Cp1252 ibm-1252",
    ibm037:
      "IBM037 cp037 ibm-037 IBM-37 37 037 Cp37 ebcdic-cp-us EBCDIC-CP-NL csIBM037 CCSID00037 ccsid-37 x-IBM-037",
    ibm500: "IBM500 Cp500 ibm-500 500 ebcdic-cp-ch CCSID500 csIBM500",
    ibm1047: "IBM1047 IBM-1047 IBM01047 Cp1047 1047 CCSID1047",
    ibm1140: "IBM01140 IBM1140 Cp1140 CCSID01140 CP01140 ibm-1140 ebcdic-us-37+euro",
    ibm1141: "IBM01141 IBM1141 Cp1141 CCSID01141 CP01141 ibm-1141 ebcdic-de-273+euro",
  };
  for (const charset of OPTIONAL_CHARSETS) {
    for (const name of names[charset].split(" ")) {
      assert.equal(decodeText(encode("<a/>", charset), name.toLowerCase(), [charset]), "<a/>", name);
    }
  }
});

test("a charset that is not allowed is refused with the setting that allows it", () => {
  for (const charset of OPTIONAL_CHARSETS) {
    const others = OPTIONAL_CHARSETS.filter((other) => other !== charset);
    assert.throws(
      () => decodeText(encode("<a/>", charset), charset, others),
      (error) =>
        error instanceof GatewayError &&
        error.code === "unsupported" &&
        error.message.includes(`"${charset}" added to the setting charsets`),
    );
  }
});

test("bytes that contradict what is named are refused, and nothing is guessed", () => {
  const ebcdic = (text: string): Buffer => encode(text, "ibm037");
  const cases: [string, Uint8Array, string | undefined, string][] = [
    ["EBCDIC without a name", ebcdic("<a/>"), undefined, "unsupported"],
    [
      "EBCDIC with a declaration that names none",
      ebcdic('<?xml version="1.0"?><a/>'),
      undefined,
      "unsupported",
    ],
    [
      "EBCDIC that declares UTF-8",
      ebcdic('<?xml version="1.0" encoding="UTF-8"?><a/>'),
      undefined,
      "invalid_input",
    ],
    ["EBCDIC called UTF-8", ebcdic("<a/>"), "utf-8", "invalid_input"],
    ["UTF-8 called EBCDIC", Buffer.from("<a/>"), "ibm037", "invalid_input"],
    [
      "UTF-8 that declares EBCDIC",
      Buffer.from('<?xml version="1.0" encoding="IBM037"?><a/>'),
      undefined,
      "invalid_input",
    ],
    ["a mark of UTF-8, called ISO-8859-1", Buffer.from("\ufeff<a/>"), "iso-8859-1", "invalid_input"],
    ["a mark of UTF-16, called EBCDIC", utf16("<a/>", "be", true), "ibm037", "invalid_input"],
    ["UTF-16, called windows-1252", utf16("<a/>", "le", false), "windows-1252", "invalid_input"],
    ["a mark of UTF-16 LE, called UTF-16BE", utf16("<a/>", "le", true), "utf-16be", "invalid_input"],
    [
      "a mark of UTF-16 and a declaration of UTF-8",
      utf16('<?xml version="1.0" encoding="UTF-8"?><a/>', "le", true),
      undefined,
      "invalid_input",
    ],
    ["a control of ISO-8859-1", Buffer.from([0x3c, 0x85]), "iso-8859-1", "invalid_input"],
    ["a byte that windows-1252 leaves out", Buffer.from([0x3c, 0x81]), "windows-1252", "invalid_input"],
    ["an empty name", Buffer.from("<a/>"), "", "unsupported"],
  ];
  for (const [what, bytes, name, code] of cases) {
    assert.throws(
      () => decodeText(bytes, name, OPTIONAL_CHARSETS),
      (error) => error instanceof GatewayError && error.code === code,
      what,
    );
  }
});

test("a mainframe is answered in UTF-8, whatever it asks in", async () => {
  const seen: unknown[] = [];
  await using server = await startHarness({
    limits: { charsets: ["ibm1047"] },
    evaluate: (inputs) => {
      seen.push(inputs["application"]);
      const result = newStruct();
      result["decision"] = "\u00e4";
      return result;
    },
  });
  const request = envelope(payload().replace("A1", "\u00e4\u00df[1]"));
  const declared = `<?xml version="1.0" encoding="IBM-1047"?>\n${request}`;
  const asked = [
    await server.send({ body: request }),
    await server.send({
      body: encode(request, "ibm1047"),
      headers: { "Content-Type": "text/xml; charset=IBM-1047" },
    }),
    await server.send({ body: encode(declared, "ibm1047"), headers: { "Content-Type": "text/xml" } }),
  ];
  for (const reply of asked) {
    assert.equal(reply.status, 200, reply.body);
    assert.equal(reply.headers["content-type"], "text/xml; charset=utf-8");
    assert.ok(reply.body.includes("\u00e4"));
  }
  assert.equal(seen.length, 3);
  assert.deepEqual(seen[1], seen[0]);
  assert.deepEqual(seen[2], seen[0]);
});
