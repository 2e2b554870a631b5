import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import fc from "fast-check";
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { CODES, type Violation } from "../../src/errors.js";
import { structFromJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { jsonPath } from "../../src/contract/json-path.js";
import { generateOpenapi } from "../../src/openapi/generate-openapi.js";
import { sampleRecord } from "../../src/samples/sample-values.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { valueOf } from "../grpc/value-arbitrary.js";
import { sampleService } from "../support/sample-service.js";
import { contracts } from "../samples/faceted-contract.js";
import { documentOf, plain, schemaOf, URL, visible } from "./schema-of.js";

test("a validator of OpenAPI 3.1 accepts the document of every contract", async () => {
  const services = [sampleService(), ...fc.sample(contracts, { seed: 3, numRuns: 30 })];
  for (const service of services) {
    const { valid, errors } = await new Validator().validate(generateOpenapi(service, URL));
    assert.ok(valid, JSON.stringify(errors));
  }
});

test("the validator refuses what is no OpenAPI", async () => {
  const wrong = generateOpenapi(sampleService(), URL).replace('"responses"', '"answers"');
  assert.equal((await new Validator().validate(wrong)).valid, false);
});

test("samples are valid by the schemas, and what is not declared is not", () => {
  const property = fc.property(visible, (service) => {
    const { request, response } = service.operation;
    const checkRequest = schemaOf(service, request);
    const inputs = plain(encodeJson(sampleRecord(request)));
    assert.ok(checkRequest(inputs), JSON.stringify(checkRequest.errors));
    assert.equal(checkRequest({ ...inputs, unknownTable: [] }), false);
    const checkResponse = schemaOf(service, response);
    assert.ok(checkResponse(plain(encodeJson(sampleRecord(response)))), JSON.stringify(checkResponse.errors));
  });
  fc.assert(property, { seed: 6, numRuns: 40 });
});

const PARTS = ["String", "Numerical", "int", "decimal", "decimal(11,2)", "Boolean", "DateTime", "date"];
const EVERYTHING = [
  ...PARTS,
  ...PARTS.map((part) => `Array[${part}]`),
  ...PARTS.map((part) => `Map[${part}, Array[Struct[inner: ${part}]]]`),
];

test("whatever the encoder writes is allowed by the schema", () => {
  const type = contractTypeOf(`Struct[${EVERYTHING.map((part, index) => `m${index}: ${part}`).join(", ")}]`);
  const asked = withRequestField(type);
  const answered = sampleService(type);
  const checkRequest = schemaOf(asked, asked.operation.request);
  const checkResponse = schemaOf(answered, answered.operation.response);
  const property = fc.property(valueOf(type), (value) => {
    const text = encodeJson(value);
    if (!/"(NaN|-?INF)"/.test(text)) {
      assert.ok(checkRequest(plain(`{"value":${text}}`)), JSON.stringify(checkRequest.errors));
    }
    assert.ok(checkResponse(plain(`{"result":${text}}`)), JSON.stringify(checkResponse.errors));
  });
  fc.assert(property, { seed: 7, numRuns: 500 });
});

/** Single values in JSON, and whether a contract with this type takes them: the schema and the reader say the same. */
const SINGLE_VALUES: readonly (readonly [FieldType, readonly string[], readonly string[]])[] = [
  [
    { kind: "string", maxLength: 2 },
    ['""', '"ab"', '"\u{1d11e}\u{1d11e}"'],
    ['"abc"', "1", '"\u{1d11e}\u{1d11e}a"'],
  ],
  [{ kind: "string", allowed: ["PL", "CC"] }, ['"PL"'], ['"pl"', '""']],
  [{ kind: "boolean" }, ["true"], ['"yes"', "1"]],
  [{ kind: "double" }, ["1", "-1.5e-300"], ['"x"', '"Infinity"', "true"]],
  [{ kind: "double", minimum: "0.5" }, ["0.5", "1e300"], ["0.4", '"NaN"', '"-INF"']],
  [{ kind: "double", totalDigits: 5, fractionDigits: 2 }, ["999", "-999.99"], ["1000", '"NaN"']],
  [{ kind: "integer" }, ["-9223372036854775808", "9223372036854775807"], ["1.5", '"x"']],
  [{ kind: "integer", totalDigits: 2 }, ["99", "-99"], ["100", "-100"]],
  [{ kind: "integer", minimum: "-1.5", maximum: "18" }, ["-1", "18"], ["-2", "19"]],
  [{ kind: "decimal" }, ['"1.50"', '"-12345678901234567890.5"'], ['"1e5"', '"NaN"', '""', "true"]],
  [
    { kind: "decimal", totalDigits: 5, fractionDigits: 2 },
    ['"999"', '"999.99"', '"-99.9"', '"1.5000"', '"0.00"', '"999.000"'],
    ['"1000"', '"9999.9"', '"0.001"'],
  ],
  [
    { kind: "decimal", totalDigits: 2, fractionDigits: 2 },
    ['"0.99"', '"0"', '"-0.9"'],
    ['"1.99"', '"1"', '"0.999"'],
  ],
  [
    { kind: "datetime" },
    ['"2026-01-31T10:00:00"', '"2026-01-31T10:00:00.123456Z"', '"2026-01-31T10:00:00+02:00"'],
    ['"2026-01-31"', '"2026-01-31T10:00"', '"2026-01-31T10:00:00.1234567"', "5"],
  ],
  [{ kind: "date" }, ['"2024-02-29"'], ['"2023-02-29"', '"2024-2-9"', "20240229"]],
];

test("the schema of a single value allows what the reader takes, and no value that it refuses", () => {
  for (const [type, right, wrong] of SINGLE_VALUES) {
    const service = withRequestField(type);
    const { request } = service.operation;
    const check = schemaOf(service, request);
    const isRead = (text: string): boolean => {
      const violations: Violation[] = [];
      structFromJson(request, parseStrictJson(Buffer.from(text), "test"), "", violations);
      return violations.length === 0;
    };
    for (const value of [...right, "null"]) {
      const text = `{"value":${value}}`;
      assert.ok(check(plain(text)), `${type.kind} ${value}: ${JSON.stringify(check.errors)}`);
      assert.ok(isRead(text), `${type.kind} ${value} is not read`);
    }
    for (const value of wrong) {
      const text = `{"value":${value}}`;
      assert.equal(check(plain(text)), false, `${type.kind} ${value}`);
      assert.equal(isRead(text), false, `${type.kind} ${value} is read`);
    }
  }
});

test("a number that is not finite is text in an answer", () => {
  const cases: readonly (readonly [FieldType, readonly string[], readonly string[]])[] = [
    [{ kind: "double" }, ["1.5", '"NaN"', '"INF"', '"-INF"'], ['"Infinity"', '"1.5"']],
    [{ kind: "double", minimum: "0.5" }, ["0.5", '"INF"'], ["0.4", '"NaN"', '"-INF"']],
    [{ kind: "double", totalDigits: 5, fractionDigits: 2 }, ["1"], ['"NaN"', '"INF"', "1000"]],
  ];
  for (const [type, right, wrong] of cases) {
    const service = sampleService(type);
    const check = schemaOf(service, service.operation.response);
    for (const value of right) assert.ok(check(plain(`{"result":${value}}`)), value);
    for (const value of wrong) assert.equal(check(plain(`{"result":${value}}`)), false, value);
  }
});

test("keys of maps are the text of their values", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["Map[int, String]", "-5", "5.5"],
    ["Map[Boolean, String]", "true", "yes"],
    ["Map[Numerical, String]", "1.0", "one"],
    ["Map[decimal(3,1), String]", "12.5", "1.25"],
    ["Map[date, String]", "2026-01-31", "31.1.2026"],
    ["Map[DateTime, String]", "2026-01-31T10:00:00", "today"],
  ];
  for (const [spelled, right, wrong] of cases) {
    const service = withRequestField(contractTypeOf(spelled));
    const check = schemaOf(service, service.operation.request);
    assert.ok(check({ value: { [right]: "a" } }), spelled);
    assert.equal(check({ value: { [wrong]: "a" } }), false, spelled);
  }
});

test("every code is among the responses, and only a 503 says when to come back", () => {
  const service = sampleService();
  const document = documentOf(service);
  const { responses } = document.paths[jsonPath(service)]?.post ?? { responses: {} };
  const statuses = "200 400 401 403 404 406 408 409 411 413 415 500 503 504".split(" ");
  assert.deepEqual(Object.keys(responses), statuses);
  const text = JSON.stringify(responses);
  for (const code of CODES) assert.match(text, new RegExp(`\`${code}\``));
  for (const [status, response] of Object.entries(responses)) {
    assert.equal("headers" in response, status === "503", status);
  }
});

test("errors and numbers take no name that a type of the contract has", () => {
  const spelled = "Numerical";
  const service = buildContract({
    alias: "sample",
    description: "",
    inputs: normaliseInputInfo({
      arguments: [
        { alias: "problem", type: "Array[String]" },
        { alias: "numerical", type: "Array[String]" },
      ],
    }),
    output: { type: parseDataType(spelled), spelled, origin: "declared" },
  });
  const { schemas } = documentOf(service).components;
  assert.equal(schemas["Problem"]?.["type"], "array");
  assert.equal(schemas["Problem2"]?.["type"], "object");
  assert.equal(schemas["Numerical"]?.["type"], "array");
  assert.ok(schemas["Numerical2"]?.["anyOf"] !== undefined);
});

test("texts for people are Unicode", () => {
  const service = { ...sampleService(), description: "half \ud800 a pair" };
  assert.match(documentOf(service).info.description, /^half \ufffd a pair/);
});

test("hostile names are members like any other, in the order of the contract", () => {
  const aliases = ["__proto__", "constructor", "10", "2", "年龄", "a b"];
  const service = buildContract({
    alias: "sample",
    description: "",
    inputs: normaliseInputInfo({
      tables: [{ alias: "t", columns: aliases.map((alias) => ({ alias, type: "String" })) }],
    }),
    output: undefined,
  });
  const text = generateOpenapi(service, URL);
  const places = aliases.map((alias) => text.indexOf(`${JSON.stringify(alias)}: {`));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(places.every((place) => place > 0));
  assert.match(documentOf(service).info.description, /artifact-gateway lock ARTIFACT --sample FILE/);
});

/** A contract whose request is one optional value. */
function withRequestField(type: FieldType): Service {
  const service = sampleService();
  const { operation } = service;
  const [first] = operation.request.fields;
  assert.ok(first !== undefined);
  const field: Field = { ...first, source: "value", type, required: false };
  const request = { ...operation.request, fields: [{ ...field, role: "argument" as const }] };
  return { ...service, operation: { ...operation, request } };
}

function contractTypeOf(spelled: string): FieldType {
  const service = buildContract({
    alias: "sample",
    description: "",
    inputs: normaliseInputInfo({ arguments: [{ alias: "value", type: spelled }] }),
    output: undefined,
  });
  const [field] = service.operation.request.fields;
  assert.ok(field !== undefined);
  return field.type;
}
