import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldType } from "../../src/contract/model.js";
import { compileResultCheck } from "../../src/call/check-result.js";
import type { GatewayError } from "../../src/errors.js";
import { Decimal, type PythonValue } from "../../src/values.js";

test("an answer that would lose digits or characters is refused, not rounded or cut", () => {
  const cases: readonly [FieldType, PythonValue, PythonValue][] = [
    [{ kind: "string", maxLength: 3 }, "abc", "abcd"],
    [{ kind: "string", allowed: ["Y", "N"] }, "N", "n"],
    [{ kind: "double", totalDigits: 5, fractionDigits: 2 }, 123.25, 0.125],
    [{ kind: "double", totalDigits: 5, fractionDigits: 2 }, 123n, 1234n],
    [{ kind: "integer", totalDigits: 2 }, -99n, 100n],
    [{ kind: "integer", minimum: "0" }, 0n, -1n],
    [{ kind: "decimal", totalDigits: 3, fractionDigits: 1 }, new Decimal("12.3"), new Decimal("12.34")],
    [{ kind: "decimal", maximum: "1" }, new Decimal("1.00"), new Decimal("1.01")],
  ];
  for (const [type, good, bad] of cases) {
    const check = compileResultCheck(type);
    check(good);
    assert.throws(
      () => check(bad),
      (error: GatewayError) =>
        error.code === "output_invalid" &&
        error.violations.length === 0 &&
        /^result: expected .*, found (?:str|float|int|Decimal)$/.test((error.cause as Error).message),
    );
  }
});
