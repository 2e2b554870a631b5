import assert from "node:assert/strict";
import { test } from "node:test";
import { cobolPicture, storedAs } from "../../src/cobol/picture.js";
import type { FieldType } from "../../src/contract/model.js";

const CASES: readonly (readonly [FieldType, string])[] = [
  [{ kind: "string", maxLength: 40 }, "PIC X(40)"],
  [{ kind: "string", maxLength: 40, allowed: ["A", "𝒜𝒜"] }, "PIC X(2)"],
  [{ kind: "string", allowed: [""] }, "PIC X(1)"],
  [{ kind: "string" }, "none: its length is not limited"],
  [{ kind: "boolean" }, "PIC X"],
  [{ kind: "integer" }, "PIC S9(18) COMP-5"],
  [{ kind: "integer", totalDigits: 4 }, "PIC S9(18) COMP-5"],
  [{ kind: "double" }, "COMP-2"],
  [{ kind: "double", totalDigits: 15, fractionDigits: 4 }, "PIC S9(11)V9(4) COMP-3"],
  [{ kind: "decimal" }, "none: its digits are not limited"],
  [{ kind: "decimal", totalDigits: 5, fractionDigits: 5 }, "PIC SV9(5) COMP-3"],
  [{ kind: "decimal", totalDigits: 7, fractionDigits: 0 }, "PIC S9(7) COMP-3"],
  [{ kind: "date" }, "PIC X(32)"],
  [{ kind: "datetime" }, "PIC X(32)"],
  [{ kind: "dynamic" }, "none: its type is not declared"],
  [{ kind: "struct", message: { name: "M", description: "", fields: [], reserved: [] } }, "group"],
  [
    { kind: "array", name: "L", items: { kind: "boolean" }, itemName: "item", maxItems: 12 },
    "item-num PIC S9(9) COMP-5, item OCCURS 12 TIMES",
  ],
  [
    { kind: "map", name: "M", entryName: "E", key: { kind: "date" }, value: { kind: "date" }, maxItems: 9 },
    "Xentry-num PIC S9(9) COMP-5, Xentry OCCURS 9 TIMES",
  ],
];

for (const [type, expected] of CASES) {
  test(`${JSON.stringify(type).slice(0, 60)}: ${expected}`, () => assert.equal(cobolPicture(type), expected));
}

test("packed digits take half a byte each, and the sign another half", () => {
  const bytes = (totalDigits: number): unknown => {
    const stored = storedAs({ kind: "decimal", totalDigits, fractionDigits: 0 });
    return "missing" in stored ? stored.missing : stored.bytes;
  };
  assert.deepEqual([1, 2, 3, 4, 17, 18].map(bytes), [1, 2, 2, 3, 9, 10]);
});
