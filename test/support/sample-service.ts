/** A hand-written contract with every kind of type, for tests of the generators, decoders and encoders. */
import type { Field, FieldType, RequestField, Service } from "../../src/contract/model.js";

function field(number: number, source: string, type: FieldType, required = false): Field {
  const xmlName = source.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return {
    source,
    xmlName,
    protoName: source,
    number,
    type,
    required,
    description: "",
    notes: {},
    position: number - 1,
    spelledType: type.kind,
  };
}

const row = {
  name: "ApplicationRow",
  description: "The application as it was received.",
  fields: [
    field(1, "application_id", { kind: "string" }, true),
    field(2, "annual_income", { kind: "double" }),
    field(3, "dependants", { kind: "integer" }),
    field(4, "requested_amount", { kind: "decimal", totalDigits: 11, fractionDigits: 2 }, true),
    field(5, "is_employed", { kind: "boolean" }),
    field(6, "birth_date", { kind: "date" }),
    field(7, "submitted_at", { kind: "datetime" }),
    field(8, "late_months", {
      kind: "array",
      name: "ApplicationRowLateMonths",
      items: { kind: "double" },
      itemName: "item",
      maxItems: 12,
    }),
    field(9, "tags", {
      kind: "map",
      name: "ApplicationRowTags",
      entryName: "ApplicationRowTagsEntry",
      key: { kind: "string" },
      value: { kind: "integer" },
      maxItems: 10,
    }),
    field(10, "address", {
      kind: "struct",
      message: {
        name: "ApplicationRowAddress",
        description: "",
        fields: [field(1, "city", { kind: "string" }, true), field(2, "moved_in", { kind: "date" })],
        reserved: [],
      },
    }),
    field(11, "matrix", {
      kind: "array",
      name: "ApplicationRowMatrix",
      items: {
        kind: "array",
        name: "ApplicationRowMatrixItem",
        items: { kind: "datetime" },
        itemName: "item",
        maxItems: 10,
      },
      itemName: "item",
      maxItems: 10,
    }),
    field(12, "bands", {
      kind: "map",
      name: "ApplicationRowBands",
      entryName: "ApplicationRowBandsEntry",
      key: { kind: "double" },
      value: { kind: "string" },
      maxItems: 10,
    }),
  ],
  reserved: [],
};

const requestFields: RequestField[] = [
  {
    ...field(1, "application", {
      kind: "array",
      name: "ApplicationTable",
      items: { kind: "struct", message: row },
      itemName: "row",
      maxItems: 100,
    }),
    required: true,
    role: "table",
  },
  {
    ...field(2, "trade_lines", {
      kind: "array",
      name: "TradeLinesTable",
      items: {
        kind: "struct",
        message: {
          name: "TradeLinesRow",
          description: "",
          fields: [field(1, "balance", { kind: "double" }, true), field(2, "opened_on", { kind: "date" })],
          reserved: [],
        },
      },
      itemName: "row",
      maxItems: 200,
    }),
    role: "table",
  },
  {
    ...field(3, "parameters", {
      kind: "struct",
      message: {
        name: "EvaluateParameters",
        description: "Runtime parameters.",
        fields: [field(1, "strategy", { kind: "string" }), field(2, "cut_off", { kind: "double" })],
        reserved: [],
      },
    }),
    role: "parameters",
  },
];

/** The result struct of `sampleService()`. */
export const sampleResult: FieldType = {
  kind: "struct",
  message: {
    name: "EvaluateResult",
    description: "The decision.",
    fields: [
      field(1, "decision", { kind: "string" }),
      field(2, "credit_limit", { kind: "decimal", totalDigits: 11, fractionDigits: 2 }),
      field(3, "score", { kind: "double" }),
      field(4, "reason_codes", {
        kind: "array",
        name: "EvaluateResultReasonCodes",
        items: { kind: "string" },
        itemName: "item",
        maxItems: 10,
      }),
      field(5, "valid_until", { kind: "date" }),
      field(6, "decided_at", { kind: "datetime" }),
      field(7, "sequence", { kind: "integer" }),
      field(8, "approved", { kind: "boolean" }),
    ],
    reserved: [],
  },
};

/** A service whose result is `result`, by default a struct of every scalar kind and a list. */
export function sampleService(result: FieldType = sampleResult): Service {
  return {
    alias: "sample_decision",
    major: 1,
    name: "SampleDecisionService",
    namespace: "urn:artifact-gateway:sample_decision:v1",
    protoPackage: "sample_decision.v1",
    description: "A sample decision.",
    profile: "standard",
    resultOrigin: "declared",
    operation: {
      name: "Evaluate",
      request: { name: "EvaluateRequest", description: "", fields: requestFields, reserved: [] },
      response: {
        name: "EvaluateResponse",
        description: "",
        fields: [{ ...field(1, "result", result), required: true }],
        reserved: [],
      },
    },
  };
}
