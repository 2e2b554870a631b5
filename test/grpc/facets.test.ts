import assert from "node:assert/strict";
import { test } from "node:test";
import { createFileRegistry, fromJson, toBinary, type JsonValue } from "@bufbuild/protobuf";
import { GatewayError } from "../../src/errors.js";
import type { FieldType, Message } from "../../src/contract/model.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { buildDescriptorSet } from "../../src/proto/descriptor.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";
import type { Service } from "../../src/contract/model.js";

/** Why a request in protobuf's JSON form is refused, one line per violation. */
function violationsOf(service: Service, json: JsonValue): readonly string[] {
  const registry = createFileRegistry(buildDescriptorSet(service));
  const schema = registry.getMessage(`${service.protoPackage}.${service.operation.request.name}`);
  assert.ok(schema !== undefined);
  const bytes = toBinary(schema, fromJson(schema, json, { registry }));
  try {
    compileDecode(service)(bytes);
    return [];
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.violations.map(({ path, message }) => `${path}: ${message}`);
  }
}

test("what is beyond the facets is refused by its place", () => {
  const service = singleService();
  const good = { applicationId: "12345678", annualIncome: 0.25, dependants: "99", status: "NEW", rate: 1 };
  assert.deepEqual(violationsOf(service, { application: [good], parameters: { strategy: "x" } }), []);
  const bad = {
    applicationId: "123456789",
    annualIncome: 1.005,
    dependants: "100",
    status: "new",
    rate: -0.1,
  };
  assert.deepEqual(
    violationsOf(service, { application: [good, bad], parameters: { strategy: "too much of it" } }),
    [
      "application[1].application_id: Must have at most 8 characters.",
      "application[1].annual_income: Must be a number of at most 9 digits before the point and 2 after it.",
      "application[1].dependants: Must have at most 2 digits.",
      "application[1].status: Must be one of the values that the contract lists.",
      "application[1].rate: Must be at least 0 and at most 1.",
      "parameters.strategy: Must have at most 8 characters.",
    ],
  );
});

test("facets hold inside lists and maps too, also for what a map entry leaves out", () => {
  const yes: FieldType = { kind: "string", allowed: ["Y"] };
  const many: FieldType = { kind: "integer", minimum: "1" };
  const service = withTypes([
    { kind: "array", name: "Marks", items: yes, itemName: "item", maxItems: 5 },
    { kind: "map", name: "Counts", entryName: "CountsEntry", key: yes, value: many, maxItems: 5 },
  ]);
  const send = (late: readonly string[], tags: Record<string, string>): readonly string[] =>
    violationsOf(service, { application: [{ lateMonths: [...late], tags }] });
  assert.deepEqual(send(["Y"], { Y: "1" }), []);
  assert.deepEqual(send(["Y", "N"], {}), [
    "application[0].late_months[1]: Must be one of the values that the contract lists.",
  ]);
  assert.deepEqual(send([], { N: "2" }), [
    "application[0].tags[0].key: Must be one of the values that the contract lists.",
  ]);
  // Zero and the empty text are not written: the entry has no value, or no key.
  const absent = Buffer.from([0x0a, 0x07, 0x4a, 0x05, 0x0a, 0x01, 0x59, 0x10, 0x00]);
  const without = Buffer.from([0x0a, 0x04, 0x4a, 0x02, 0x10, 0x01]);
  for (const [bytes, path] of [
    [absent, "value"],
    [Buffer.from([0x0a, 0x05, 0x4a, 0x03, 0x0a, 0x01, 0x59]), "value"],
    [without, "key"],
  ] as const) {
    assert.throws(
      () => compileDecode(service)(bytes),
      (error: GatewayError) => error.violations[0]?.path === `application[0].tags[0].${path}`,
    );
  }
});

/** The sample service with the types of `late_months` and `tags` replaced. */
function withTypes([list, map]: readonly [FieldType, FieldType]): Service {
  const service = sampleService();
  const { request } = service.operation;
  const replaced = (message: Message): Message => ({
    ...message,
    fields: message.fields.map((field) => {
      if (field.source === "late_months") return { ...field, type: list };
      return field.source === "tags" ? { ...field, type: map } : field;
    }),
  });
  const fields = request.fields.map((field) => {
    const { type } = field;
    if (type.kind !== "array" || type.items.kind !== "struct") return field;
    return { ...field, type: { ...type, items: { ...type.items, message: replaced(type.items.message) } } };
  });
  return { ...service, operation: { ...service.operation, request: { ...request, fields } } };
}
