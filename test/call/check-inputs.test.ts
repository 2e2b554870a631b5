import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileInputsCheck } from "../../src/call/check-inputs.js";
import type { FieldType, Message } from "../../src/contract/model.js";
import { GatewayError, joinPath, type Violation } from "../../src/errors.js";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { looseStruct } from "./contract-values.js";

const { request } = sampleService().operation;
const check = compileInputsCheck(withDefaults(request), 1000);

/** The rules once more, in the plainest way: everything is copied, every path is made. */
function plainly(message: Message, struct: Struct, path: string, violations: Violation[]): Struct {
  const copy = newStruct();
  for (const { source, type, required, default: declared } of message.fields) {
    const place = joinPath(path, source);
    const value = struct[source] ?? declared;
    const isTable = type.kind === "array" && type.itemName === "row";
    if (required && (value === undefined || (isTable && Array.isArray(value) && value.length === 0))) {
      const needsRow = "This table is required and needs at least one row.";
      violations.push({ path: place, message: isTable ? needsRow : "This value is required." });
    } else if (value !== undefined) copy[source] = plainValue(type, value, place, violations);
  }
  return copy;
}

function plainValue(type: FieldType, value: Value, path: string, violations: Violation[]): Value {
  if (value === null) {
    violations.push({ path, message: "An element may not be null." });
    return value;
  }
  const size = Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0;
  if ((type.kind === "array" || type.kind === "map") && size > type.maxItems) {
    violations.push({ path, message: `At most ${type.maxItems} elements are allowed here.` });
    return value;
  }
  if (type.kind === "array" && Array.isArray(value)) {
    return value.map((item, index) => plainValue(type.items, item, `${path}[${index}]`, violations));
  }
  if (type.kind === "map" && value instanceof Map) {
    return new Map(
      [...value].map(([key, item], index) => [
        key,
        plainValue(type.value, item, `${path}[${index}].value`, violations),
      ]),
    );
  }
  return type.kind === "struct" && isStruct(value) ? plainly(type.message, value, path, violations) : value;
}

test("inputs are checked, filled in and freed of nulls as the rules say", () => {
  const outcomes = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(looseStruct(request), (inputs) => {
      const before = structuredCloneOf(inputs);
      const violations: Violation[] = [];
      const expected = plainly(withDefaults(request), inputs, "", violations);
      try {
        assert.deepEqual(check(inputs), expected);
        assert.deepEqual(violations, []);
        outcomes.right += 1;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        assert.deepEqual(error.violations, violations);
        outcomes.wrong += 1;
      }
      assert.deepEqual(inputs, before);
    }),
    { seed: 31, numRuns: 2000 },
  );
  assert.ok(outcomes.right > 50 && outcomes.wrong > 500, JSON.stringify(outcomes));
});

test("what needs no change is handed on without a copy", () => {
  const given = inputs(
    { application_id: "A", requested_amount: 1n, late_months: [1, 2] },
    { strategy: "s", cut_off: 1 },
  );
  assert.equal(check(given), given);
});

test("a default or a null copies what is around it and nothing else", () => {
  const given = inputs({ application_id: "A", requested_amount: 1n, annual_income: null }, { cut_off: 1 });
  const checked = check(given);
  assert.deepEqual(Object.keys(given), ["application", "parameters"]);
  assert.deepEqual(
    checked,
    inputs({ application_id: "A", requested_amount: 1n }, { strategy: "default", cut_off: 1 }),
  );
  const rows = (struct: Struct): Value | undefined => struct["application"];
  assert.notEqual(rows(checked), rows(given));
});

test("an error lists as many violations as callers can take, and counts the others", () => {
  const few = compileInputsCheck(request, 1);
  assert.throws(
    () => few(inputs({}, {})),
    (error: unknown) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.message, "application[0].application_id: This value is required. (and 1 more)");
      assert.equal(error.violations.length, 1);
      return true;
    },
  );
});

/** The sample request, with a default for the first of its parameters. */
function withDefaults(message: Message): Message {
  return {
    ...message,
    fields: message.fields.map((field) => {
      if (field.type.kind !== "struct") return field;
      const [first, ...others] = field.type.message.fields;
      assert.ok(first !== undefined);
      const fields = [{ ...first, default: "default" }, ...others];
      return { ...field, type: { kind: "struct", message: { ...field.type.message, fields } } };
    }),
  };
}

function inputs(row: Record<string, Value>, parameters: Record<string, Value>): Struct {
  return struct({ application: [struct(row)], parameters: struct(parameters) });
}

function struct(members: Record<string, Value>): Struct {
  return Object.assign(newStruct(), members);
}

function structuredCloneOf(value: Struct): Struct {
  const copyOf = (item: Value): Value => {
    if (Array.isArray(item)) return item.map(copyOf);
    if (item instanceof Map) return new Map([...item].map(([key, member]) => [key, copyOf(member)]));
    return isStruct(item) ? structuredCloneOf(item) : item;
  };
  const copy = newStruct();
  for (const [name, item] of Object.entries(value)) copy[name] = copyOf(item);
  return copy;
}
