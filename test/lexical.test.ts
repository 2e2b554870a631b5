import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { daysFrom1970 } from "../src/calendar.js";
import { fitsDecimal } from "../src/decimals.js";
import {
  DAY_SECONDS,
  dateOf,
  dateTimeFromEpoch,
  parseDate,
  parseDateTime,
  parseDecimal,
  parseInteger,
  readMoment,
} from "../src/lexical.js";
import { DateTime } from "../src/values.js";
import { dateText, decimalText, fits, momentText } from "./lexical-oracle.js";

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
      const moment = dateTimeFromEpoch(whole, micros);
      const iso = new Date(whole * 1000).toISOString().slice(0, 19);
      const fraction = String(micros).padStart(6, "0");
      assert.deepEqual(moment, parseDateTime(`${iso}.${fraction}Z`));
    }),
    { seed: 5, numRuns: 500 },
  );
  assert.equal(dateTimeFromEpoch(253_402_300_800, 0), undefined);
});

test("decimals are read as the regular expression reads them", () => {
  const text = fc
    .array(fc.constantFrom("0", "0", "1", "9", ".", "-", "+", "e", " "), { maxLength: 8 })
    .map((characters) => characters.join(""));
  let read = 0;
  fc.assert(
    fc.property(text, fc.nat({ max: 6 }), fc.nat({ max: 4 }), (form, whole, fraction) => {
      const total = whole + fraction;
      const decimal = parseDecimal(form);
      assert.equal(decimal?.text, decimalText(form), JSON.stringify(form));
      if (decimal === undefined) return;
      read += 1;
      assert.equal(fitsDecimal(decimal, total, fraction), fits(decimal.text, total, fraction), decimal.text);
    }),
    { seed: 6, numRuns: 20_000 },
  );
  assert.ok(read > 2000, String(read));
});

test("dates and moments are read as the regular expression reads them", () => {
  const day = fc
    .tuple(
      fc.constantFrom("2024", "1900", "2000", "0001", "0000", "9999", "20x4"),
      fc.constantFrom("01", "02", "06", "12", "13", "00"),
      fc.constantFrom("01", "28", "29", "30", "31", "32", "00", "1"),
    )
    .map((parts) => parts.join("-"));
  const time = fc
    .tuple(
      fc.constantFrom("00", "09", "23", "24", "25"),
      fc.constantFrom("00", "59", "60"),
      fc.constantFrom("00", "59", "60", "5"),
    )
    .map((parts) => parts.join(":"));
  const rest = fc.tuple(
    fc.constantFrom("", "", ".", ".0", ".25", ".123456", ".1234560", ".1234567", ".000000"),
    fc.constantFrom("", "", "Z", "z", "+00:00", "-00:45", "+14:00", "-14:00", "+14:01", "+05:3"),
  );
  let read = 0;
  fc.assert(
    fc.property(
      day,
      fc.constantFrom("T", " ", "t"),
      time,
      rest,
      (date, separator, clock, [fraction, zone]) => {
        assert.equal(parseDate(date)?.text, dateText(date), date);
        const form = `${date}${separator}${clock}${fraction}${zone}`;
        const moment = parseDateTime(form);
        assert.equal(moment?.text, momentText(form), form);
        if (moment === undefined) return;
        read += 1;
        const numbers = readMoment(moment);
        assert.ok(numbers !== undefined);
        const { day: found, secondOfDay, microsecond } = numbers;
        const seconds = daysFrom1970(found) * DAY_SECONDS + secondOfDay;
        assert.deepEqual(dateTimeFromEpoch(seconds, microsecond), moment);
      },
    ),
    { seed: 8, numRuns: 50_000 },
  );
  assert.ok(read > 500, String(read));
});

test("the numbers of a moment are read from the one form it has", () => {
  assert.deepEqual(readMoment(new DateTime("2024-02-29T23:59:58.05")), {
    day: { year: 2024, month: 2, day: 29 },
    secondOfDay: 86_398,
    microsecond: 50_000,
  });
  for (const text of [
    "2024-02-29 23:59:58",
    "2024-02-29T23:59:58Z",
    "2024-02-29T24:00:00",
    "2024-02-29T23:59:58.",
    "2024-02-29T23:59:58.1234567",
    "2024-02-30T23:59:58",
  ]) {
    assert.equal(readMoment(new DateTime(text)), undefined, text);
  }
  assert.equal(dateOf(2023, 2, 29), undefined);
  assert.equal(dateOf(7, 2, 3)?.text, "0007-02-03");
});
