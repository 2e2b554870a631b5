/** A contract of the profile `mainframe` that has `EvaluateOne`, with every kind of facet. */
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";

const RESULT = "Struct[decision: String, limit: Decimal(11,2), score: Numerical, rank: Integer]";

const SOURCE: ContractSource = {
  alias: "sample_decision",
  description: "A sample decision.",
  inputs: normaliseInputInfo({
    tables: [
      {
        alias: "application",
        nullable: false,
        columns: [
          { alias: "application_id", type: "String", nullable: false },
          { alias: "annual_income", type: "Numerical" },
          { alias: "dependants", type: "Integer" },
          { alias: "status", type: "String" },
          { alias: "rate", type: "Numerical" },
        ],
      },
      { alias: "history", columns: [{ alias: "opened_on", type: "date", nullable: false }] },
    ],
    runtime_params: [{ alias: "strategy", type: "String" }],
  }),
  output: undefined,
  profile: "mainframe",
};

/** The facets of columns, by the artifact's own name. */
const FACETS: ReadonlyMap<string, Partial<FieldType>> = new Map<string, Partial<FieldType>>([
  ["application_id", { maxLength: 8 }],
  ["annual_income", { totalDigits: 11, fractionDigits: 2 }],
  ["dependants", { totalDigits: 2, minimum: "0" }],
  ["status", { allowed: ["NEW", "OLD"] }],
  ["rate", { minimum: "0", maximum: "1" }],
  ["strategy", { maxLength: 8 }],
  ["decision", { allowed: ["approve", "decline"] }],
  ["score", { totalDigits: 5, fractionDigits: 3 }],
  ["rank", { totalDigits: 4 }],
]);

/** @param rows true: `main()` answers rows, of which `EvaluateOne` carries one; false: a single record */
export function singleService(rows = false): Service {
  const spelled = rows ? `Array[${RESULT}]` : RESULT;
  const output = { type: parseDataType(spelled), spelled, origin: "metadata" } as const;
  const first = buildContract({ ...SOURCE, output });
  const { operation } = first;
  const [result] = operation.response.fields;
  const previous: Service = {
    ...first,
    operation: {
      ...operation,
      request: { ...operation.request, fields: operation.request.fields.map(faceted) },
      response: { ...operation.response, fields: [faceted(result)] },
    },
  };
  return buildContract({ ...SOURCE, output, previous });
}

function faceted<F extends Field>(field: F): F {
  const { type } = field;
  const facets = FACETS.get(field.source);
  if (facets !== undefined) return { ...field, type: { ...type, ...facets } };
  if (type.kind === "struct") return { ...field, type: { ...type, message: within(type.message) } };
  if (type.kind !== "array" || type.items.kind !== "struct") return field;
  return { ...field, type: { ...type, items: { ...type.items, message: within(type.items.message) } } };
}

function within(message: Message): Message {
  return { ...message, fields: message.fields.map(faceted) };
}
