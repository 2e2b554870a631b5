/**
 * The contract: one service, its operation, messages, fields and types, in words that know neither XML nor
 * protobuf. Built once per artifact by `build-contract.ts`; the generators, decoders and encoders read it and
 * nothing else.
 */
import type { Value } from "../values.js";

/** A type a column, argument, parameter or result can have. */
export type FieldType =
  | StringType
  | { readonly kind: "boolean" }
  | DoubleType
  | IntegerType
  | DecimalType
  /** A moment, carried in UTC with microseconds. */
  | { readonly kind: "datetime" }
  | { readonly kind: "date" }
  | ArrayType
  | MapType
  | StructType
  /** Any data at all: an output that nothing declares. SOAP carries it as JSON text, gRPC as `google.protobuf.Value`. */
  | { readonly kind: "dynamic" };

export interface StringType {
  readonly kind: "string";
  /** Most characters (Unicode code points); at least 1. */
  readonly maxLength?: number;
  /** The only values there are, in the order in which people should read them; each once. */
  readonly allowed?: readonly string[];
}

/** Both bounds belong to the values themselves: decimal text as `lexical.ts` reads it, without an exponent. */
export interface Bounds {
  readonly minimum?: string;
  readonly maximum?: string;
}

/** IEEE 754 double; `Numerical`. */
export interface DoubleType extends Bounds {
  readonly kind: "double";
  /**
   * Both digits facets are given or neither. With them the value is written as a decimal numeral of so many digits wherever
   * a protocol writes text, and infinities and NaN are not allowed. At most 15, so that a double keeps each of them.
   */
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
}

/** Signed 64-bit integer. */
export interface IntegerType extends Bounds {
  readonly kind: "integer";
  /** Most digits; at most 18. */
  readonly totalDigits?: number;
}

/** Exact decimal; both digits facets are given or neither. */
export interface DecimalType extends Bounds {
  readonly kind: "decimal";
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
}

/** A list whose elements are never null. A table is an array of structs whose `itemName` is `row`. */
export interface ArrayType {
  readonly kind: "array";
  /** Type name of the list itself, unique in the contract; used by XML, and by proto where a list needs a wrapper. */
  readonly name: string;
  readonly items: FieldType;
  /** XML name of one element: `row` for tables and lists of records that stand for rows, else `item`. */
  readonly itemName: "row" | "item";
  /** Most elements a caller may send or `main()` may return. */
  readonly maxItems: number;
}

/** A map with scalar keys; neither keys nor values are ever null. */
export interface MapType {
  readonly kind: "map";
  /** Type name of the map itself, unique in the contract. */
  readonly name: string;
  /** Type name of one `{key, value}` entry, unique in the contract. */
  readonly entryName: string;
  readonly key: FieldType;
  readonly value: FieldType;
  readonly maxItems: number;
}

export interface StructType {
  readonly kind: "struct";
  readonly message: Message;
}

/** A record type; shared by XML (complexType) and proto (message) under the same name. */
export interface Message {
  /** PascalCase `[A-Za-z][A-Za-z0-9]*`, unique in the contract. */
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
  /** What the message once had: neither number nor names are ever used again. By number. */
  readonly reserved: readonly ReservedField[];
}

/** A field that was removed. */
export interface ReservedField {
  readonly source: string;
  readonly xmlName: string;
  readonly protoName: string;
  readonly number: number;
}

/** What the governance platform knows of a field beyond its description; for people, never a check. */
export interface FieldNotes {
  readonly unit?: string;
  /** Where the value comes from: the column of a registered table. */
  readonly origin?: string;
  /** What an absent value means. */
  readonly nullMeaning?: string;
  /** What the values are, where that is documented and not a facet of the type. */
  readonly allowedValues?: readonly string[];
}

export interface Field {
  /** The artifact's own name, verbatim: the key toward `main()` and in error paths. */
  readonly source: string;
  /** `[A-Za-z][A-Za-z0-9]*`, lowerCamelCase, unique in its message ignoring case after the 23-character cut. */
  readonly xmlName: string;
  /** lower_snake_case, unique in its message also as a JSON name. */
  readonly protoName: string;
  /** Proto field number. */
  readonly number: number;
  readonly type: FieldType;
  /** True: absent and null are errors, and a table needs a row. False: both are allowed. */
  readonly required: boolean;
  /** What an absent argument or runtime parameter stands for; without it, absent stays absent. */
  readonly default?: Value;
  /** One paragraph for people; empty when the artifact says nothing. */
  readonly description: string;
  readonly notes: FieldNotes;
  /**
   * Where the field stands toward `main()`, from 0: the order of `input_info.json`. The fields of a message are in the order of
   * the contract, in which what is new comes last.
   */
  readonly position: number;
  /** The type as `input_info.json` spells it, for the dataset dict and for documentation. */
  readonly spelledType: string;
}

/** What a top-level field of the request is to `main()`. */
export type Role = "table" | "argument" | "parameters";

export interface RequestField extends Field {
  readonly role: Role;
}

export interface RequestMessage extends Message {
  readonly fields: readonly RequestField[];
}

export interface ResponseMessage extends Message {
  readonly fields: readonly [Field];
}

/** Where the type of the answer comes from: stated in the lock, in `metadata.json`, learned from samples, or nowhere. */
export const RESULT_ORIGINS = ["declared", "metadata", "samples", "undeclared"] as const;
export type ResultOrigin = (typeof RESULT_ORIGINS)[number];

/** `standard`: lossless. `mainframe`: everything is bounded, and one row can be sent without a list. */
export const PROFILES = ["standard", "mainframe"] as const;
export type Profile = (typeof PROFILES)[number];

export interface Operation {
  /** `Evaluate`. */
  readonly name: string;
  /** Named `EvaluateRequest`; its fields are the tables, then the arguments, then `parameters`. */
  readonly request: RequestMessage;
  /** Named `EvaluateResponse`; its only field is `result`. */
  readonly response: ResponseMessage;
}

export interface Service {
  /** The artifact's alias: `credit_decision`. In paths, the XML namespace and the proto package. */
  readonly alias: string;
  /** Major of the interface, not of the model. */
  readonly major: number;
  /** `CreditDecisionService`: WSDL service and proto service. */
  readonly name: string;
  /** `urn:artifact-gateway:credit_decision:v1`. */
  readonly namespace: string;
  /** `credit_decision.v1`. */
  readonly protoPackage: string;
  readonly description: string;
  readonly profile: Profile;
  readonly operation: Operation;
  /**
   * `EvaluateOne`: one row of each table and one row of the answer, without a list anywhere. Over SOAP only, for callers
   * whose generators cannot do lists; in the profile `mainframe`, where the tables and the answer allow it.
   */
  readonly single?: SingleOperation;
  readonly resultOrigin: ResultOrigin;
}

/**
 * An operation whose messages are those of `operation` with each table replaced by its row: equal fields, in the same order,
 * of the type of the row instead of the list.
 */
export interface SingleOperation {
  /** `EvaluateOne`. */
  readonly name: string;
  readonly request: RequestMessage;
  readonly response: ResponseMessage;
}

/** The fields as `main()` knows their order. */
export function inSourceOrder<F extends Field>({ fields }: { readonly fields: readonly F[] }): readonly F[] {
  return fields.toSorted((a, b) => a.position - b.position);
}
