import assert from "node:assert/strict";
import { test } from "node:test";
import { dayFrom1970, daysFrom1970, isCalendarDay } from "../src/calendar.js";

const DAY_MS = 86_400_000;

test("every day of the years 1 to 9999 is the day that Date says it is, both ways", () => {
  const first = Date.parse("0001-01-01") / DAY_MS;
  const last = Date.parse("9999-12-31") / DAY_MS;
  for (let days = first; days <= last; days += 1) {
    const date = new Date(days * DAY_MS);
    const found = dayFrom1970(days);
    const same =
      found.year === date.getUTCFullYear() &&
      found.month === date.getUTCMonth() + 1 &&
      found.day === date.getUTCDate() &&
      daysFrom1970(found) === days &&
      isCalendarDay(found.year, found.month, found.day);
    if (!same) assert.fail(`${date.toISOString()} is ${JSON.stringify(found)}`);
  }
});

test("days that do not exist, and numbers that are none, are no days", () => {
  for (const [year, month, day] of [
    [1900, 2, 29],
    [2023, 2, 29],
    [2024, 4, 31],
    [2024, 0, 1],
    [2024, 13, 1],
    [2024, 1, 0],
    [0, 1, 1],
    [10_000, 1, 1],
    [Number.NaN, 1, 1],
    [2024, Number.NaN, 1],
    [2024, 1, Number.NaN],
  ] as const) {
    assert.equal(isCalendarDay(year, month, day), false, `${year}-${month}-${day}`);
  }
  assert.equal(isCalendarDay(2000, 2, 29), true);
});
