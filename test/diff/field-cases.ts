/** One example of every kind of change that a field can have, in what callers send and in what they get. */
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";
import type { FieldKind } from "../../src/diff/change.js";
import { Decimal } from "../../src/values.js";

type Edit = (message: Message) => Message;

export interface FieldCase {
  /** From the plain record to what it was before; nothing when it was the plain one. */
  readonly before?: Edit;
  /** From the plain record to what it is after. */
  readonly after: Edit;
  /** The verdicts for SOAP, gRPC, JSON and COBOL, by their first letters. */
  readonly input: string;
  readonly output: string;
  /** Directions in which no message of its own can show that SOAP breaks. */
  readonly without?: readonly ("input" | "output")[];
}

const RECORD = "Struct[code: String, amount: decimal(9,2), tags: Array[String]]";

/** A contract whose request has a table, and whose answer is a record, of the same three columns. */
export function plainContract(): Service {
  const columns = [
    { alias: "code", type: "String" },
    { alias: "amount", type: "decimal(9,2)" },
    { alias: "tags", type: "Array[String]" },
  ];
  return buildContract({
    alias: "plain",
    description: "",
    inputs: normaliseInputInfo({ tables: [{ alias: "application", nullable: false, columns }] }),
    output: { type: parseDataType(RECORD), spelled: RECORD, origin: "declared" },
  });
}

/** The plain contract with another row and another answer. */
export function withRecords(edit: Edit): Service {
  const service = plainContract();
  const { operation } = service;
  const [result] = operation.response.fields;
  return {
    ...service,
    operation: {
      ...operation,
      request: {
        ...operation.request,
        fields: operation.request.fields.map((field) => ({ ...field, type: inRecord(field.type, edit) })),
      },
      response: { ...operation.response, fields: [{ ...result, type: inRecord(result.type, edit) }] },
    },
  };
}

function inRecord(type: FieldType, edit: Edit): FieldType {
  if (type.kind === "array") return { ...type, items: inRecord(type.items, edit) };
  return type.kind === "struct" ? { ...type, message: edit(type.message) } : type;
}

function field(name: string, change: (field: Field) => Partial<Field>): Edit {
  return (message) => ({
    ...message,
    fields: message.fields.map((one) => (one.source === name ? { ...one, ...change(one) } : one)),
  });
}

function type(name: string, change: object): Edit {
  return field(name, (one) => ({ type: { ...one.type, ...change } }));
}

function adding(index: number, required: boolean): Edit {
  return (message) => {
    const [like] = message.fields;
    if (like === undefined) return message;
    const names = { source: "extra", xmlName: "extra", protoName: "extra", number: 9 };
    return { ...message, fields: message.fields.toSpliced(index, 0, { ...like, ...names, required }) };
  };
}

function removing(reserve: boolean): Edit {
  return (message) => ({
    ...message,
    fields: message.fields.slice(0, 2),
    reserved: reserve ? message.fields.slice(2) : [],
  });
}

export const unchanged: Edit = (message) => message;

const strings = (facets: object): Edit => type("code", facets);
const decimals = (facets: object): Edit => type("amount", facets);
const required = field("code", () => ({ required: true }));

export const FIELD_CASES: Readonly<Record<FieldKind, FieldCase>> = {
  field_added: { after: adding(3, false), input: "cccb", output: "bccb" },
  field_added_required: { after: adding(3, true), input: "bbbb", output: "bccb" },
  field_inserted: { after: adding(1, false), input: "bccb", output: "bccb", without: ["input"] },
  field_removed: { after: removing(true), input: "bcbb", output: "bbbb", without: ["output"] },
  field_removed_unreserved: { after: removing(false), input: "bbbb", output: "bbbb", without: ["output"] },
  reservation_lost: {
    before: removing(true),
    after: removing(false),
    input: "sbss",
    output: "sbss",
  },
  source_renamed: { after: field("code", () => ({ source: "kod" })), input: "ssbs", output: "ssbs" },
  xml_name_changed: { after: field("code", () => ({ xmlName: "kod" })), input: "bssb", output: "bssb" },
  proto_name_changed: { after: field("code", () => ({ protoName: "kod" })), input: "sbss", output: "sbss" },
  number_changed: { after: field("code", () => ({ number: 9 })), input: "sbss", output: "sbss" },
  order_changed: {
    after: (message) => ({ ...message, fields: message.fields.toReversed() }),
    input: "bssb",
    output: "bssb",
  },
  type_changed: {
    after: field("amount", () => ({ type: { kind: "boolean" } })),
    input: "bbbb",
    output: "bbbb",
  },
  type_renamed: { after: (message) => ({ ...message, name: "Other" }), input: "cbss", output: "cbss" },
  list_renamed: { after: type("tags", { name: "Other" }), input: "csss", output: "csss" },
  item_name_changed: { after: type("tags", { itemName: "row" }), input: "bssb", output: "bssb" },
  became_required: { after: required, input: "bbbb", output: "cccb" },
  became_optional: { before: required, after: unchanged, input: "cccb", output: "bbbb" },
  default_added: {
    before: field("amount", () => ({ required: true })),
    after: field("amount", () => ({ default: new Decimal("1.5") })),
    input: "cccc",
    output: "ssss",
  },
  default_changed: {
    before: field("amount", () => ({ default: new Decimal("1") })),
    after: field("amount", () => ({ default: new Decimal("1.5") })),
    input: "bbbb",
    output: "ssss",
    without: ["input"],
  },
  length_widened: {
    before: strings({ maxLength: 4 }),
    after: strings({ maxLength: 8 }),
    input: "cccb",
    output: "bbbb",
  },
  length_narrowed: { after: strings({ maxLength: 8 }), input: "bbbb", output: "cccb" },
  digits_widened: { after: decimals({ totalDigits: 11 }), input: "cccb", output: "bbbb" },
  digits_narrowed: { after: decimals({ totalDigits: 5, fractionDigits: 1 }), input: "bbbb", output: "cccb" },
  digits_moved: { after: decimals({ totalDigits: 7, fractionDigits: 4 }), input: "bbbb", output: "bbbb" },
  bounds_widened: {
    before: decimals({ minimum: "0", maximum: "10" }),
    after: decimals({ minimum: "-0.5" }),
    input: "cccc",
    output: "bbbb",
  },
  bounds_narrowed: { after: decimals({ minimum: "0", maximum: "10" }), input: "bbbb", output: "cccc" },
  bounds_moved: {
    before: decimals({ minimum: "0", maximum: "10" }),
    after: decimals({ minimum: "1", maximum: "250" }),
    input: "bbbb",
    output: "bbbb",
  },
  values_widened: {
    before: strings({ allowed: ["A"] }),
    after: strings({ allowed: ["B", "A"] }),
    input: "cccc",
    output: "bbbb",
  },
  values_narrowed: { after: strings({ allowed: ["A"] }), input: "bbbb", output: "cccc" },
  values_moved: {
    before: strings({ allowed: ["A"] }),
    after: strings({ allowed: ["B"] }),
    input: "bbbb",
    output: "bbbb",
  },
  items_widened: {
    before: type("tags", { maxItems: 2 }),
    after: type("tags", { maxItems: 4 }),
    input: "cccb",
    output: "bbbb",
  },
  items_narrowed: { after: type("tags", { maxItems: 2 }), input: "bbbb", output: "cccb" },
  documentation_changed: {
    after: field("code", () => ({ notes: { unit: "EUR" } })),
    input: "ssss",
    output: "ssss",
  },
};
