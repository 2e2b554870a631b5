/**
 * `contract.lock.json`: what the deployer promises callers, kept beside the artifact. A person reads it in a review and may edit it;
 * `docs/contract-lock.md` explains it and `docs/contract-lock.schema.json` is made from this file.
 */
import { z } from "zod";
import { VARIANT_CODES } from "../artifact/input-info-variants.js";
import { MAIN_OPTIONS_SCHEMA } from "../contract/main-options.js";
import type { JsonValue } from "../strict-json.js";
import { PROFILES, RESULT_ORIGINS } from "../contract/model.js";

/** The version of the file's own form. */
export const LOCK_FORMAT = 1;

const LONGEST_NAME = 200;
const LONGEST_TEXT = 20_000;
/** The largest field number of protobuf. */
const LARGEST_NUMBER = 536_870_911;

const source = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .describe("The artifact's own name, verbatim: the key toward main().");
const xmlName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9]*$/)
  .describe("The name of the XML element.");
const protoName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*$/)
  .describe("The name of the field in the proto file.");
const typeName = z
  .string()
  .max(64)
  .regex(/^[A-Z][A-Za-z0-9]*$/);
const fieldNumber = z
  .int()
  .min(1)
  .max(LARGEST_NUMBER)
  .refine((number) => number < 19_000 || number > 19_999, "19000 to 19999 belong to protobuf")
  .describe("The field number in the proto file; never given to another field.");
const text = z.string().max(LONGEST_TEXT);
const numeral = z
  .string()
  .max(50)
  .regex(/^-?\d+(\.\d+)?$/, "expected a decimal numeral without an exponent");
const bounds = {
  minimum: numeral.exactOptional().describe("The smallest value, written as text so that no digit is lost."),
  maximum: numeral.exactOptional().describe("The largest value, written as text so that no digit is lost."),
};
const fractionDigits = z.int().min(0).max(38).exactOptional().describe("Most digits behind the point.");
const digits = (most: number): z.ZodExactOptional<z.ZodInt> =>
  z.int().min(1).max(most).exactOptional().describe("Most digits in all.");

const scalar = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("string"),
    maxLength: z.int().min(1).max(10_000_000).exactOptional().describe("Most characters."),
    allowed: z
      .array(text)
      .min(1)
      .max(10_000)
      .readonly()
      .exactOptional()
      .describe("The only values there are."),
  }),
  z.strictObject({ kind: z.literal("boolean") }),
  z.strictObject({ kind: z.literal("double"), totalDigits: digits(15), fractionDigits, ...bounds }),
  z.strictObject({ kind: z.literal("integer"), totalDigits: digits(18), ...bounds }),
  z.strictObject({ kind: z.literal("decimal"), totalDigits: digits(38), fractionDigits, ...bounds }),
  z.strictObject({ kind: z.literal("datetime") }),
  z.strictObject({ kind: z.literal("date") }),
  z.strictObject({ kind: z.literal("dynamic") }),
]);
export type LockedScalar = z.output<typeof scalar>;

const typeReference = z
  .union([scalar, typeName])
  .describe("A scalar with its facets, or the name of a type below.");
export type LockedType = z.output<typeof typeReference>;

const field = z.strictObject({
  source,
  renamedTo: source
    .exactOptional()
    .describe(
      "State here that a new version of the artifact calls this field otherwise; a rename is never guessed.",
    ),
  role: z
    .enum(["table", "argument", "parameters"])
    .exactOptional()
    .describe("What it is to main(); of the request's fields."),
  number: fieldNumber,
  xml: xmlName,
  proto: protoName,
  type: typeReference,
  required: z.boolean().describe("Whether callers must send it."),
  default: z
    .custom<JsonValue>((value) => value !== undefined)
    .exactOptional()
    .describe("What stands in when a caller sends nothing."),
  spelled: text.describe("The type as input_info.json spells it."),
  description: text.exactOptional(),
  unit: text.exactOptional(),
  origin: text.exactOptional().describe("Where the value comes from."),
  nullMeaning: text.exactOptional().describe("What an absent value means."),
  allowedValues: z
    .array(text)
    .max(10_000)
    .exactOptional()
    .describe("Documented values; for people, not checked."),
});
export type LockedField = z.output<typeof field>;

const reserved = z
  .strictObject({ source, number: fieldNumber, xml: xmlName, proto: protoName })
  .describe("A field that was removed: its number and names are never used again.");

const fields = { fields: z.array(field).max(100_000), reserved: z.array(reserved).max(100_000) };
const maxItems = z.int().min(1).max(10_000_000).describe("Most elements.");
const record = z.strictObject({
  name: typeName,
  kind: z.literal("record"),
  description: text.exactOptional(),
  ...fields,
});
const namedType = z.discriminatedUnion("kind", [
  record,
  z.strictObject({
    name: typeName,
    kind: z.literal("list"),
    items: typeReference,
    itemName: z.enum(["row", "item"]).describe("The XML element of one of them."),
    maxItems,
  }),
  z.strictObject({
    name: typeName,
    kind: z.literal("map"),
    entryName: typeName.describe("The type of one entry."),
    key: typeReference,
    value: typeReference,
    maxItems,
  }),
]);
export type LockedNamedType = z.output<typeof namedType>;

const message = z.strictObject({ name: typeName, ...fields });

export const LOCK_SCHEMA = z
  .strictObject({
    format: z.literal(LOCK_FORMAT).describe("The version of this file's form."),
    service: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9_]*$/)
      .describe("The artifact's alias."),
    description: text.describe("What the service is for."),
    major: z.int().min(1).max(100_000).describe("The major version of the interface, not of the model."),
    revision: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe("Counts the compatible changes within the major version."),
    profile: z.enum(PROFILES).describe("standard: lossless. mainframe: everything is bounded."),
    interface: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe("Digest of all that callers depend on; documentation does not count. Written by `lock`."),
    inputInfoVariant: z
      .enum(VARIANT_CODES)
      .exactOptional()
      .describe("How input_info.json is to be read, where it can be read in several ways."),
    main: MAIN_OPTIONS_SCHEMA.describe("How main() is called."),
    result: z
      .strictObject({
        origin: z.enum(RESULT_ORIGINS).describe("Where the type of the answer comes from."),
        spelled: text.exactOptional().describe("The type of the answer; absent when nothing declares it."),
      })
      .describe("What main() answers."),
    evidence: z.array(text).max(1000).exactOptional().describe("What the samples showed."),
    request: message.describe("What callers send: tables, then arguments, then runtime parameters."),
    response: message.describe("What callers get: one field, `result`."),
    types: z
      .array(namedType)
      .max(100_000)
      .describe("The records, lists and maps in the request and the response."),
  })
  .describe("The contract lock of one artifact.");

export type ContractLock = z.output<typeof LOCK_SCHEMA>;

/** The JSON Schema (2020-12) of the file, for editors and reviewers. */
export function lockJsonSchema(): object {
  return {
    $id: "urn:artifact-gateway:contract-lock:1",
    // A default is any JSON, which the schema says by saying nothing.
    ...z.toJSONSchema(LOCK_SCHEMA, { unrepresentable: "any", io: "input" }),
  };
}
