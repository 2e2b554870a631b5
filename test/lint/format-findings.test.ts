import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../src/lint/finding.js";
import { findingsJson, formatFindings } from "../../src/lint/format-findings.js";

function finding(id: string, path: string): Finding {
  return {
    id,
    who: "CICS",
    severity: "error",
    rule: "Text needs a maxLength.",
    source: "https://example.org/rule",
    remedy: "Give it one.",
    path,
    message: "has no maxLength",
  };
}

test("a rule is said once, with its places, its remedy and its source", () => {
  assert.equal(
    formatFindings([finding("text-length", "a[].b"), finding("text-length", "result"), finding("other", "")]),
    `error: text-length (CICS): Text needs a maxLength.
  - a[].b: has no maxLength
  - result: has no maxLength
  Give it one.
  https://example.org/rule

error: other (CICS): Text needs a maxLength.
  - has no maxLength
  Give it one.
  https://example.org/rule
`,
  );
  assert.equal(formatFindings([]), "");
});

test("two thousand places do not fill the terminal", () => {
  const text = formatFindings(
    Array.from({ length: 2000 }, (_, index) => finding("text-length", `c${index}`)),
  );
  assert.equal(text.split("\n").length, 25);
  assert.match(text, /\n {2}- and 1980 more\n/);
});

test("JSON has one object for each finding", () => {
  const found = finding("text-length", "a");
  assert.deepEqual(JSON.parse(findingsJson([found])), [found]);
  assert.equal(findingsJson([]), "[]\n");
});
