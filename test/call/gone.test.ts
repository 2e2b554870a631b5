import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Departure } from "../../src/call/gone.js";

suite("the departure of a caller", () => {
  test("is told to each listener once", () => {
    const gone = new Departure();
    const told: string[] = [];
    for (const name of ["a", "b", "c"]) gone.addEventListener("abort", () => told.push(name));
    assert.equal(gone.aborted, false);
    gone.abort();
    gone.abort();
    assert.equal(gone.aborted, true);
    assert.deepEqual(told.sort(), ["a", "b", "c"]);
  });

  test("is not told to who stopped listening, in whatever order they do", () => {
    const listeners = [0, 1, 2, 3].map((nth) => () => void told.push(nth));
    const told: number[] = [];
    const gone = new Departure();
    for (const listener of listeners) gone.addEventListener("abort", listener);
    for (const nth of [0, 2, 2]) gone.removeEventListener("abort", listeners[nth] ?? assert.fail());
    gone.abort();
    assert.deepEqual(told.sort(), [1, 3]);
  });

  test("is not told to one that another listener takes away", () => {
    const told: string[] = [];
    const gone = new Departure();
    const one = (): void => {
      told.push("one");
      gone.removeEventListener("abort", other);
    };
    const other = (): void => {
      told.push("other");
      gone.removeEventListener("abort", one);
    };
    gone.addEventListener("abort", one);
    gone.addEventListener("abort", other);
    gone.abort();
    assert.equal(told.length, 1);
  });
});
