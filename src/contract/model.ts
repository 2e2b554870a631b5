/**
 * The contract: one service, its operation, messages, fields and types, in words that know neither XML nor
 * protobuf. Built once per artifact by `build-contract.ts`; the generators, decoders and encoders read it and
 * nothing else.
 */
import type { Value } from "../values.js";

/** A type a column, argument, parameter or result can have. */
export type FieldType =
  | { readonly kind: "string" }
  | { readonly kind: "boolean" }
  /** IEEE 754 double; `Numerical`. */
  | { readonly kind: "double" }
  /** Signed 64-bit integer. */
  | { readonly kind: "integer" }
  /** Exact decimal; both facets are given or neither. */
  | { readonly kind: "decimal"; readonly totalDigits?: number; readonly fractionDigits?: number }
  /** A moment, carried in UTC with microseconds. */
  | { readonly kind: "datetime" }
  | { readonly kind: "date" }
  | ArrayType
  | MapType
  | StructType
  /** Any data at all: an output that nothing declares. SOAP carries it as JSON text, gRPC as `google.protobuf.Value`. */
  | { readonly kind: "dynamic" };

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
  readonly operation: Operation;
}

/** `/soap/{alias}/v{major}`: where a service answers SOAP 1.1. */
export function soapPath(service: Pick<Service, "alias" | "major">): string {
  return `/soap/${service.alias}/v${service.major}`;
}
