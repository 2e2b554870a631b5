import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { createDecoder } from "../../src/soap/decode.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct } from "../../src/values.js";
import { escapeText } from "../../src/xml-printer.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";
import {
  changed,
  FORMS,
  payloadArbitrary,
  printNode,
  SCALAR_KINDS,
  type ScalarKind,
} from "./payload-arbitrary.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, NAMESPACE, payload } from "./soap-harness.js";

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const service = sampleService();
const decode = createDecoder(service, DEFAULT_LIMITS.maxViolations);
const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/"));

/** The inputs of a payload. */
function decodeText(text: string): Struct {
  return decode(readXml(text, DEFAULT_LIMITS));
}

/** Why a payload is refused, one line per violation; empty when it is not. */
function violationsOf(text: string): string[] {
  try {
    decodeText(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, "invalid_input");
    return error.violations.map(({ path, message }) => `${path}: ${message}`);
  }
}

function firstRow(inputs: Struct): Struct {
  const rows = inputs["application"];
  const row = Array.isArray(rows) ? rows[0] : undefined;
  assert.ok(isStruct(row));
  return row;
}

test("decode and libxml2 agree on which payloads the schema allows", () => {
  const runs = 2000;
  let valid = 0;
  const trees = payloadArbitrary(service.operation.request).chain((root) =>
    fc.oneof(fc.constant(root), changed(root)),
  );
  const property = fc.property(trees, (root) => {
    const declared = `xmlns="${NAMESPACE}" xmlns:o="urn:other" ${XSI}`;
    const text = printNode({ ...root, name: "Evaluate", attributes: [...root.attributes, declared] });
    const violations = violationsOf(text);
    // The one rule for which XML Schema has no word that the toolkits of callers understand.
    if (violations.some((violation) => violation.includes("key of another entry"))) return;
    const expected = oracle.isValid(envelope(text));
    if (expected) valid += 1;
    assert.equal(violations.length === 0, expected, `${violations.join("; ")}\n${text}`);
  });
  fc.assert(property, { seed: 20_240_229, numRuns: runs });
  // Were nearly everything invalid, agreement would prove little.
  assert.ok(valid > runs / 5, `only ${valid} of ${runs} payloads were valid`);
});

test("decode and libxml2 agree on every written form of every scalar", () => {
  const place = {
    string: (form) => payload().replace("A1", () => form),
    decimal: (form) => payload().replace("10.00", () => form),
    double: (form) => payload("", `<annualIncome>${form}</annualIncome>`),
    integer: (form) => payload("", `<dependants>${form}</dependants>`),
    boolean: (form) => payload(`<isEmployed>${form}</isEmployed>`),
    date: (form) => payload(`<birthDate>${form}</birthDate>`),
    datetime: (form) => payload(`<submittedAt>${form}</submittedAt>`),
  } satisfies Record<ScalarKind, (form: string) => string>;
  for (const kind of SCALAR_KINDS) {
    for (const form of FORMS[kind]) {
      const text = place[kind](escapeText(form));
      const expected = oracle.isValid(envelope(text));
      assert.equal(violationsOf(text).length === 0, expected, `${kind} ${JSON.stringify(form)}`);
    }
  }
});

test("an element of another namespace is not the field of its name", () => {
  for (const child of [
    '<o:isEmployed xmlns:o="urn:other">1</o:isEmployed>',
    '<isEmployed xmlns="">1</isEmployed>',
  ]) {
    assert.equal(violationsOf(payload(child)).length, 1, child);
  }
});

test("every scalar arrives exactly as it was sent", () => {
  const text = payload(
    "<isEmployed> 1 </isEmployed><birthDate>0001-01-01</birthDate>" +
      "<submittedAt>2024-03-01T00:30:00.000001+01:00</submittedAt>",
    "<annualIncome>0.1</annualIncome><dependants>-9223372036854775808</dependants>",
  );
  const row = firstRow(decodeText(text.replace("A1", " A\u00e9&#13;<!-- x -->\u{1d11e}<![CDATA[<b>]]> ")));
  assert.equal(row["application_id"], " A\u00e9\r\u{1d11e}<b> ");
  assert.equal(row["annual_income"], 0.1);
  assert.equal(row["dependants"], -(2n ** 63n));
  assert.deepEqual(row["requested_amount"], new Decimal("10.00"));
  assert.equal(row["is_employed"], true);
  assert.deepEqual(row["birth_date"], new CalendarDate("0001-01-01"));
  assert.deepEqual(row["submitted_at"], new DateTime("2024-02-29T23:30:00.000001"));
});

test("a number is joined over comments, not cut at the first", () => {
  const row = firstRow(decodeText(payload("", "<dependants>12<!-- -->3</dependants>")));
  assert.equal(row["dependants"], 123n);
});

test("absent, nil and empty are three different things", () => {
  const nil = firstRow(decodeText(payload(`<tags ${XSI} xsi:nil="true"/>`)));
  const empty = firstRow(decodeText(payload("<tags/>")));
  const absent = firstRow(decodeText(payload()));
  assert.equal(nil["tags"], null);
  assert.deepEqual(empty["tags"], new Map());
  assert.equal("tags" in absent, false);
  assert.equal("trade_lines" in decodeText(payload()), false);
});

test("lists, maps and records keep their order and their types", () => {
  const row = firstRow(
    decodeText(
      payload(
        "<lateMonths><item>1</item><item>-0</item></lateMonths>" +
          "<tags><entry><key>__proto__</key><value>1</value></entry></tags>" +
          "<address><city>Oslo</city></address>" +
          "<matrix><item><item>2024-01-01T00:00:00</item></item><item/></matrix>",
      ),
    ),
  );
  assert.deepEqual(row["late_months"], [1, -0]);
  assert.deepEqual(row["tags"], new Map([["__proto__", 1n]]));
  assert.ok(isStruct(row["address"]));
  assert.equal(row["address"]["city"], "Oslo");
  assert.deepEqual(row["matrix"], [[new DateTime("2024-01-01T00:00:00")], []]);
});

test("a double with digits is refused when it has more of them than a double keeps, and not rounded to fewer", () => {
  const { namespace, operation } = singleService();
  const decodeSingle = createDecoder(singleService(), DEFAULT_LIMITS.maxViolations);
  const rows = operation.request.fields[0];
  assert.ok(rows !== undefined);
  const income = (text: string): string =>
    `<Evaluate xmlns="${namespace}"><application><row><annualIncome>${text}</annualIncome></row></application></Evaluate>`;
  const complaintsAbout = (text: string): number => {
    try {
      decodeSingle(readXml(income(text), DEFAULT_LIMITS));
      return 0;
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      return error.violations.filter(({ path }) => path.endsWith("annual_income")).length;
    }
  };
  for (const text of ["0.1", "0.10000000000000000000", "00000000000000000000.5", "-999999999.99"])
    assert.equal(complaintsAbout(text), 0, text);
  for (const text of [
    "0.1000000000000000055511151231257827",
    "1.00000000000000000001",
    "0.100000000000000001",
  ])
    assert.equal(complaintsAbout(text), 1, text);
});

test("what is beyond a type is refused though the schema allows it", () => {
  const income = (text: string): string => payload("", `<annualIncome>${text}</annualIncome>`);
  for (const text of ["1e400", "-1e400", "1e-400"]) assert.equal(violationsOf(income(text)).length, 1, text);
  for (const text of ["0001-01-01T00:00:00+01:00", "9999-12-31T24:00:00"]) {
    assert.equal(violationsOf(payload(`<submittedAt>${text}</submittedAt>`)).length, 1, text);
  }
  assert.deepEqual(violationsOf(income("1e")), [
    "application[0].annual_income: Must be a 64-bit floating point number.",
  ]);
});

test("a repeated map key is refused, also when only the spelling differs", () => {
  const entry = (key: string): string => `<entry><key>${key}</key><value>x</value></entry>`;
  const repeated = "application[0].bands[1].key: Must not repeat the key of another entry.";
  for (const other of ["1.0", "1e0", " 1 "]) {
    assert.deepEqual(violationsOf(payload(`<bands>${entry("1")}${entry(other)}</bands>`)), [repeated], other);
  }
  assert.deepEqual(violationsOf(payload(`<bands>${entry("0")}${entry("-0")}</bands>`)), [repeated]);
});

test("xsi:type may repeat the declared type and nothing else", () => {
  const xsd = 'xmlns:x="http://www.w3.org/2001/XMLSchema"';
  const typed = (type: string): string[] =>
    violationsOf(payload("", `<dependants ${XSI} ${xsd} xsi:type="${type}">1</dependants>`));
  assert.deepEqual(typed("x:long"), []);
  for (const type of ["x:int", "long", "y:long", "x:long:x", "", "x:"])
    assert.equal(typed(type).length, 1, type);
});

test("violations name their place by the source names, and never a value", () => {
  const secret = "4111-1111";
  const text = payload("<isEmployed>4111-1111</isEmployed>", "<annualIncome>4111-1111</annualIncome>");
  const violations = violationsOf(text.replace("<row>", "<row/><row>"));
  assert.deepEqual(violations, [
    "application[0].application_id: This value is required.",
    "application[0].requested_amount: This value is required.",
    "application[1].annual_income: Must be a 64-bit floating point number.",
    "application[1].is_employed: Must be true, false, 1 or 0.",
  ]);
  assert.equal(violations.join().includes(secret), false);
});

test("an unknown name is quoted short; the fault has it in characters that the caller can keep", () => {
  const [violation = ""] = violationsOf(payload(`<n\u00e9\u{10000}${"n".repeat(900)}/>`));
  assert.match(
    violation,
    /^application\[0\]: The element "n\u00e9\u{10000}n{30,40}\.\.\." is not expected here/u,
  );
});

test("only the first violations are listed, and all are counted", () => {
  const rows = "<row/>".repeat(30);
  const text = `<Evaluate xmlns="${NAMESPACE}"><application>${rows}</application></Evaluate>`;
  assert.throws(
    () => decodeText(text),
    (error: GatewayError) => error.violations.length === 20 && error.message.includes("first 20 of 60"),
  );
});

test("names of Object.prototype are names like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(violationsOf(payload(`<${name}>1</${name}>`)).length, 1, name);
    assert.equal(violationsOf(payload().replace("<row>", `<row ${name}="1">`)).length, 1, name);
    assert.equal(violationsOf(payload().replace("<row>", `<row id="${name}">`)).length, 1, name);
  }
  assert.equal(Object.keys(Object.prototype).length, 0);
});
