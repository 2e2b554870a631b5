/** The table of limits in `src/http2/README.md` is the one in the code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/http2-limits.js";
import { repository } from "../support/served-example.js";

test("every limit is explained, with its default", () => {
  const readme = readFileSync(repository("src/http2/README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (\d+)/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  const { budgets, ...numbers } = DEFAULT_HTTP2_LIMITS;
  assert.deepEqual(rows, Object.entries(numbers));
  assert.ok(readme.includes("`budgets`"));
  assert.equal(Object.keys(budgets).length, 6);
});
