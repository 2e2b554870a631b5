/** The choices of how `main()` is called: as the lock states them, as the contract shows them, as Python is told. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { z } from "zod";
import { parseDataType } from "../../src/artifact/data-type.js";
import { compileInputsCheck } from "../../src/call/check-inputs.js";
import { limitRows } from "../../src/contract/limit-rows.js";
import {
  DEFAULT_MAIN_OPTIONS,
  MAIN_OPTION_MEANINGS,
  MAIN_OPTIONS_SCHEMA,
  type MainOptions,
} from "../../src/contract/main-options.js";
import type { Service } from "../../src/contract/model.js";
import { spellFieldType } from "../../src/contract/spell-field-type.js";
import { GatewayError } from "../../src/errors.js";
import { mainInterface } from "../../src/main-interface.js";
import { newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

test("a lock states some choices, all of them or none, and nothing else", () => {
  assert.deepEqual(MAIN_OPTIONS_SCHEMA.parse({}), DEFAULT_MAIN_OPTIONS);
  assert.deepEqual(MAIN_OPTIONS_SCHEMA.parse({ datasetFormat: "rows" }), {
    ...DEFAULT_MAIN_OPTIONS,
    datasetFormat: "rows",
  });
  assert.deepEqual(MAIN_OPTIONS_SCHEMA.parse(DEFAULT_MAIN_OPTIONS), DEFAULT_MAIN_OPTIONS);
  for (const wrong of [{ datasetFormat: "D1" }, { callStyle: null }, { dataset_format: "rows" }, []]) {
    assert.equal(MAIN_OPTIONS_SCHEMA.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});

test("every word of every choice is explained in the schema", () => {
  const schema = z.toJSONSchema(MAIN_OPTIONS_SCHEMA, { io: "input" });
  for (const [name, meanings] of Object.entries(MAIN_OPTION_MEANINGS)) {
    const member = schema.properties?.[name];
    assert.ok(typeof member === "object");
    assert.deepEqual(member.enum, Object.keys(meanings));
    for (const [word, meaning] of Object.entries(meanings)) {
      assert.ok(member.description?.includes(`${word}: ${meaning}`));
    }
  }
});

suite("types are spelled as they were, as the platform does or as Python does", () => {
  const service = sampleService();
  const typesOf = (options: Partial<MainOptions>): string[] => {
    const { tables } = mainInterface(service, { ...DEFAULT_MAIN_OPTIONS, ...options });
    return tables.flatMap(({ columns }) => columns.map(({ type }) => type));
  };

  test("as they were", () => {
    assert.deepEqual(mainInterface(service), mainInterface(service, DEFAULT_MAIN_OPTIONS));
    assert.ok(typesOf({}).includes("double"));
  });

  test("the platform's can be read again", () => {
    const spelled = typesOf({ typeSpelling: "platform" });
    assert.ok(spelled.includes("Array[Array[DateTime]]") && spelled.includes("Map[Numerical, String]"));
    for (const type of spelled) assert.doesNotThrow(() => parseDataType(type), type);
  });

  test("Python's can be read again", () => {
    const spelled = typesOf({ typeSpelling: "python" }).map((type) =>
      type.replace("decimal.Decimal", "decimal"),
    );
    assert.ok(spelled.includes("list[list[datetime.datetime]]") && spelled.includes("dict[float, str]"));
    for (const type of spelled) assert.doesNotThrow(() => parseDataType(type), type);
  });

  test("a name is quoted as Python quotes it", () => {
    const [field] = sampleService().operation.request.fields;
    assert.ok(field !== undefined);
    const message = { name: "M", description: "", reserved: [], fields: [{ ...field, source: "it's" }] };
    assert.match(
      spellFieldType({ kind: "struct", message }, "python"),
      /^TypedDict\[\{'it\\'s': list\[TypedDict/,
    );
  });
});

test("the interface has the order of input_info.json, not that of the contract", () => {
  const service = sampleService();
  const { operation } = service;
  const turned = operation.request.fields.map((field, index, { length }) => ({
    ...field,
    position: length - index,
  }));
  const request = { ...operation.request, fields: turned };
  const { tables } = mainInterface({ ...service, operation: { ...operation, request } });
  assert.deepEqual(
    tables.map(({ alias }) => alias),
    mainInterface(service)
      .tables.map(({ alias }) => alias)
      .reverse(),
  );
});

suite("where main() takes one row, callers must send one row", () => {
  const check = (service: Service): ((tables: Record<string, number>) => string[]) => {
    const checkInputs = compileInputsCheck(service.operation.request, 20);
    return (tables) => {
      try {
        checkInputs(withRows(tables));
        return [];
      } catch (error) {
        assert.ok(error instanceof GatewayError);
        assert.equal(error.code, "invalid_input");
        return error.violations.map(({ path, message }) => `${path}: ${message}`);
      }
    };
  };

  test("in every table", () => {
    const limited = check(limitRows(sampleService(), { datasetFormat: "row" }));
    assert.deepEqual(limited({ application: 1, trade_lines: 1 }), []);
    assert.deepEqual(limited({ application: 2, trade_lines: 0 }), [
      "application: At most 1 elements are allowed here.",
      "trade_lines: This table is required and needs at least one row.",
    ]);
  });

  test("and as many as they like with every other format", () => {
    const service = sampleService();
    assert.equal(limitRows(service, DEFAULT_MAIN_OPTIONS), service);
    assert.deepEqual(check(service)({ application: 2, trade_lines: 0 }), []);
  });
});

function withRows(tables: Record<string, number>): Struct {
  const row: Value = Object.assign(newStruct(), { application_id: "A", requested_amount: "1", balance: 1 });
  const struct = newStruct();
  for (const [name, length] of Object.entries(tables)) struct[name] = Array.from({ length }, () => row);
  return struct;
}
