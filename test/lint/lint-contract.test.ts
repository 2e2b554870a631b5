import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";
import { lintContract, RULES, type RuleId } from "../../src/lint/lint-contract.js";
import { hostileService } from "../cobol/hostile-service.js";
import { mainframeExample } from "../cobol/mainframe-service.js";
import { sampleService } from "../support/sample-service.js";

function field(source: string, type: FieldType, changes: Partial<Field> = {}): Field {
  return {
    source,
    xmlName: source,
    protoName: source,
    number: 1,
    type,
    required: true,
    description: "",
    notes: {},
    position: 0,
    spelledType: type.kind,
    ...changes,
  };
}

function message(...fields: readonly Field[]): Message {
  return { name: "Sample", description: "", fields, reserved: [] };
}

function struct(...fields: readonly Field[]): FieldType {
  return { kind: "struct", message: message(...fields) };
}

/** A contract under `mainframe` with nothing in it but this answer, and an operation for one row. */
function answering(result: FieldType, changes: Partial<Service> = {}): Service {
  const service = sampleService(result);
  const { response } = service.operation;
  const operation = { ...service.operation, request: { ...service.operation.request, fields: [] }, response };
  return {
    ...service,
    profile: "mainframe",
    operation,
    single: { ...operation, name: "EvaluateOne" },
    ...changes,
  };
}

function list(items: FieldType, maxItems: number, name = "Items"): FieldType {
  return { kind: "array", name, items, itemName: "item", maxItems };
}

function nested(depth: number, wrap: (inner: FieldType, depth: number) => FieldType): FieldType {
  return depth === 0 ? { kind: "boolean" } : wrap(nested(depth - 1, wrap), depth);
}

const text = (maxLength: number): FieldType => ({ kind: "string", maxLength });
const bit: FieldType = { kind: "boolean" };
const decimal = (totalDigits: number, fractionDigits: number): FieldType => ({
  kind: "decimal",
  totalDigits,
  fractionDigits,
});
const withoutSingle = (service: Service): Service => {
  const { single, ...rest } = service;
  assert.ok(single !== undefined);
  return rest;
};

interface Case {
  /** Contracts that break the rule, with the path of the finding. */
  readonly broken: readonly (readonly [Service, string])[];
  /** Contracts at the very border of what is allowed. */
  readonly kept: readonly Service[];
}

const CASES: Readonly<Record<RuleId, Case>> = {
  "text-length": {
    broken: [
      [answering({ kind: "string" }), "result"],
      [answering(struct(field("a", list({ kind: "string" }, 3)))), "result.a[]"],
    ],
    kept: [answering(text(1)), answering({ kind: "string", allowed: ["A"] })],
  },
  "text-limit": {
    broken: [[answering(text(32_768)), "result"]],
    kept: [answering(text(32_767)), answering({ kind: "string", maxLength: 99_999, allowed: ["A"] })],
  },
  "text-values": {
    broken: ["", "A ", "A\u0000", "Zażółć", "李"].map((value) => [
      answering({ kind: "string", allowed: ["A", value] }),
      "result",
    ]),
    kept: [answering({ kind: "string", allowed: ["A", "not known", "für"] })],
  },
  "decimal-digits": {
    broken: [[answering({ kind: "decimal" }), "result"]],
    kept: [answering(decimal(18, 2))],
  },
  "decimal-limit": {
    broken: [[answering(decimal(19, 2)), "result"]],
    kept: [answering(decimal(18, 2))],
  },
  "double-digits": {
    broken: [[answering({ kind: "double" }), "result"]],
    kept: [answering({ kind: "double", totalDigits: 15, fractionDigits: 4 })],
  },
  "integer-digits": {
    broken: [
      [answering({ kind: "integer" }), "result"],
      [answering({ kind: "integer", totalDigits: 19 }), "result"],
    ],
    kept: [answering({ kind: "integer", totalDigits: 18 })],
  },
  "undeclared-type": {
    broken: [[answering({ kind: "dynamic" }), "result"]],
    kept: [answering(bit)],
  },
  "second-fraction": {
    broken: [[answering(struct(field("at", { kind: "datetime" }))), "result.at"]],
    kept: [answering({ kind: "date" })],
  },
  "net-decimal": {
    broken: [[answering(decimal(29, 0)), "result"]],
    kept: [answering(decimal(28, 0))],
  },
  "net-text": {
    broken: [[answering(text(8193)), "result"]],
    kept: [answering(text(8192))],
  },
  "sap-decimal": {
    broken: [
      [answering(decimal(32, 0)), "result"],
      [answering({ kind: "double", totalDigits: 15, fractionDigits: 15 }), "result"],
    ],
    kept: [answering(decimal(31, 14))],
  },
  "name-characters": {
    broken: ["a_b", "1a", "é", ""].map((xmlName) => [
      answering(struct(field("a", bit, { xmlName }))),
      "result.a",
    ]),
    kept: [answering(struct(field("a_b", bit, { xmlName: "aB1" })))],
  },
  "name-unique": {
    broken: [
      [
        answering(
          struct(field("a", bit, { xmlName: "riskScore" }), field("b", bit, { xmlName: "RISKSCORE" })),
        ),
        "result.b",
      ],
      [
        answering(
          struct(
            field("a", bit, { required: false, xmlName: `${"x".repeat(23)}A` }),
            field("b", bit, { required: false, xmlName: `${"x".repeat(23)}B` }),
          ),
        ),
        "result.b",
      ],
    ],
    kept: [
      answering(
        struct(
          field("a", bit, { xmlName: `${"x".repeat(23)}A` }),
          field("b", bit, { xmlName: `${"x".repeat(23)}B` }),
        ),
      ),
    ],
  },
  "name-cut": {
    broken: [
      [answering(struct(field("a", bit, { xmlName: "x".repeat(29) }))), "result.a"],
      [answering(struct(field("a", bit, { xmlName: "x".repeat(24), required: false }))), "result.a"],
    ],
    kept: [
      answering(
        struct(
          field("a", bit, { xmlName: "x".repeat(28) }),
          field("b", bit, { xmlName: "y".repeat(23), required: false }),
        ),
      ),
    ],
  },
  "name-reserved": {
    broken: ["move", "class", "Namespace"].map((xmlName) => [
      answering(struct(field("a", bit, { xmlName }))),
      "result.a",
    ]),
    kept: [answering(struct(field("a", bit, { xmlName: "moveField" })))],
  },
  "sap-name": {
    broken: [
      [answering(struct(field("a", bit, { xmlName: "x".repeat(31) }))), "result.a"],
      [answering(list(bit, 3, "L".repeat(31))), ""],
    ],
    kept: [answering(list(struct(field("a", bit, { xmlName: "x".repeat(30) })), 3, "L".repeat(30)))],
  },
  "array-of": {
    broken: [[answering(list(bit, 3, "ArrayOfFlags")), ""]],
    kept: [answering(list(bit, 3, "FlagArrayOf"))],
  },
  "type-case": {
    broken: [[answering(list(list(bit, 3, "Flags"), 3, "FLAGS")), ""]],
    kept: [answering(list(list(bit, 3, "Flags"), 3, "FlagLists"))],
  },
  "wsdl-name": {
    broken: [[answering(bit, { name: `${"N".repeat(245)}Service` }), ""]],
    kept: [answering(bit, { name: `${"N".repeat(244)}Service` })],
  },
  "list-length": {
    broken: [[answering(list(bit, 32_768)), "result"]],
    kept: [answering(list(bit, 32_767))],
  },
  "list-dimensions": {
    broken: [
      [answering(nested(8, (inner, depth) => list(inner, 1, `L${depth}`))), `result${"[]".repeat(8)}`],
    ],
    kept: [answering(nested(7, (inner, depth) => list(inner, 1, `L${depth}`)))],
  },
  "level-numbers": {
    broken: [[answering(nested(48, (inner) => struct(field("a", inner)))), `result${".a".repeat(48)}`]],
    kept: [answering(nested(47, (inner) => struct(field("a", inner))))],
  },
  "record-length": {
    broken: [[answering(list(text(32_767), 511)), ""]],
    kept: [answering(list(text(32_767), 509))],
  },
  "message-segment": {
    broken: [[answering(list(text(100), 328)), ""]],
    kept: [answering(list(text(100), 327))],
  },
  "reply-size": {
    broken: [
      [answering(list(text(1000), 70)), "result"],
      [answering({ kind: "string" }), "result"],
    ],
    kept: [answering(list(text(1000), 60))],
  },
  "element-depth": {
    broken: [[answering(nested(29, (inner) => struct(field("a", inner)))), "result"]],
    kept: [answering(nested(28, (inner) => struct(field("a", inner))))],
  },
  "single-row": {
    broken: [
      [withoutSingle(answering(bit)), ""],
      [withoutSingle(answering(struct(field("a", list(bit, 3))))), "result.a"],
    ],
    kept: [answering(bit), { ...withoutSingle(answering(bit)), profile: "standard" }],
  },
};

for (const [id, { broken, kept }] of Object.entries(CASES)) {
  test(`${id}: contracts that break it and contracts that keep it`, () => {
    for (const [service, path] of broken) {
      const found = lintContract(service).filter((finding) => finding.id === id);
      assert.deepEqual([...new Set(found.map((finding) => finding.path))], [path]);
    }
    for (const service of kept) {
      assert.deepEqual(
        lintContract(service).filter((finding) => finding.id === id),
        [],
      );
    }
  });
}

test("every rule says what it demands, who says so and what to do", () => {
  for (const [id, { rule, source, remedy }] of Object.entries(RULES)) {
    assert.match(id, /^[a-z-]+$/);
    for (const sentence of [rule, remedy]) assert.match(sentence, /^[A-Z].*\.$/, id);
    assert.match(source, /^(https?:\/\/\S+|[A-Z].+)$/, id);
  }
});

test("the examples bounded by their samples have no errors", async () => {
  for (const example of ["credit_decision", "card_assistant"]) {
    const { service } = await mainframeExample(example);
    const errors = lintContract(service).filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, [], example);
  }
});

test("names made by the contract itself are never errors, however hostile the artifact's are", () => {
  const errors = lintContract(hostileService()).filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
});

test("under standard nothing is an error", () => {
  const findings = lintContract(sampleService());
  assert.ok(findings.some(({ id }) => id === "text-length"));
  assert.ok(findings.every(({ severity }) => severity === "warning"));
});
