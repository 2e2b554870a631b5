import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { median, percentile, seededRandom, shuffle } from "../../bench/statistics.js";

test("the median is the middle value, or the mean of the two middle ones", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
  assert.equal(median([]), NaN);
});

test("a percentile is the nearest rank over all parts", () => {
  const parts = [
    Float64Array.from({ length: 60 }, (_, index) => 100 - index),
    Float64Array.of(...range(1, 40)),
  ];
  assert.equal(percentile(parts, 50), 50);
  assert.equal(percentile(parts, 99), 99);
  assert.equal(percentile(parts, 100), 100);
  assert.equal(percentile([Float64Array.of(5)], 1), 5);
  assert.equal(percentile([], 50), NaN);
});

test("at least so many percent of the samples are no larger than the percentile, and fewer than the next smaller", () => {
  const samples = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
  const property = fc.property(samples, fc.integer({ min: 1, max: 100 }), (values, percent) => {
    const found = percentile([Float64Array.from(values)], percent);
    const share = (limit: (value: number) => boolean): number => values.filter(limit).length * 100;
    assert.ok(share((value) => value <= found) >= percent * values.length);
    assert.ok(share((value) => value < found) < percent * values.length);
  });
  fc.assert(property, { seed: 1 });
});

test("a shuffle has the same values, and the same order for the same seed", () => {
  const values = range(1, 20);
  const first = shuffle(values, seededRandom(1));
  assert.deepEqual(first, shuffle(values, seededRandom(1)));
  assert.notDeepEqual(first, shuffle(values, seededRandom(2)));
  assert.deepEqual(
    [...first].sort((left, right) => left - right),
    values,
  );
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
