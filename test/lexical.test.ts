import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  dateTimeFromEpoch,
  fitsDecimal,
  parseDate,
  parseDateTime,
  parseDecimal,
  parseInteger,
} from "../src/lexical.js";
import { Decimal } from "../src/values.js";

test("integers have 64 bits and a sign", () => {
  assert.equal(parseInteger("9223372036854775807"), 2n ** 63n - 1n);
  assert.equal(parseInteger("-9223372036854775808"), -(2n ** 63n));
  assert.equal(parseInteger("+007"), 7n);
  for (const text of ["9223372036854775808", "", "1.0", "1e3", " 1", "0x1", "1_000"]) {
    assert.equal(parseInteger(text), undefined, text);
  }
});

test("decimals keep their digits and lose nothing but what means nothing", () => {
  const canonical = { "1.50": "1.50", "+01.5": "1.5", ".5": "0.5", "-0.0": "0.0", "5.": "5", "-12": "-12" };
  for (const [text, expected] of Object.entries(canonical))
    assert.equal(parseDecimal(text)?.text, expected, text);
  for (const text of ["", ".", "-", "1e3", "NaN", "INF", "1,5", "--1", "9".repeat(401)]) {
    assert.equal(parseDecimal(text), undefined, text);
  }
  assert.ok(fitsDecimal(new Decimal("999999999.99"), 11, 2));
  assert.ok(fitsDecimal(new Decimal("0.10"), 1, 1));
  assert.ok(!fitsDecimal(new Decimal("123456789012"), 11, 2));
  assert.ok(!fitsDecimal(new Decimal("1.005"), 11, 2));
});

test("dates are days that exist", () => {
  for (const text of ["2024-02-29", "0001-01-01", "9999-12-31"]) assert.equal(parseDate(text)?.text, text);
  for (const text of ["2023-02-29", "2024-13-01", "0000-01-01", "2024-1-1", "2024-01-01Z", "10000-01-01"]) {
    assert.equal(parseDate(text), undefined, text);
  }
});

test("moments are brought to UTC and keep their microseconds", () => {
  const moments = {
    "2026-01-31T10:00:00": "2026-01-31T10:00:00",
    "2026-01-31 10:00:00": "2026-01-31T10:00:00",
    "2026-01-31T10:00:00Z": "2026-01-31T10:00:00",
    "2026-01-31T10:00:00.120000+02:00": "2026-01-31T08:00:00.12",
    "2026-12-31T23:30:00-00:45": "2027-01-01T00:15:00",
    "2026-01-31T24:00:00": "2026-02-01T00:00:00",
    "2026-01-31T10:00:00.0000001000": undefined,
    "2026-01-31T10:00:00.000001000": "2026-01-31T10:00:00.000001",
    "2026-01-31T24:00:01": undefined,
    "2026-01-31T10:60:00": undefined,
    "2026-01-31T10:00:60": undefined,
    "2026-01-31T10:00:00+14:01": undefined,
    "0001-01-01T00:00:00+01:00": undefined,
    "2026-01-31": undefined,
  };
  for (const [text, expected] of Object.entries(moments))
    assert.equal(parseDateTime(text)?.text, expected, text);
  assert.equal(parseDateTime(`2026-01-31T10:00:00.${"0".repeat(1_000_000)}`), undefined);
});

test("seconds since 1970 and the text of a moment are the same moment", () => {
  const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
  fc.assert(
    fc.property(seconds, fc.integer({ min: 0, max: 999_999 }), (whole, micros) => {
      const moment = dateTimeFromEpoch(BigInt(whole), micros);
      const iso = new Date(whole * 1000).toISOString().slice(0, 19);
      const fraction = String(micros).padStart(6, "0");
      assert.deepEqual(moment, parseDateTime(`${iso}.${fraction}Z`));
    }),
    { seed: 5, numRuns: 500 },
  );
  assert.equal(dateTimeFromEpoch(253_402_300_800n, 0), undefined);
});
