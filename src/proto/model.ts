/**
 * One generated `.proto` file as data. Built once from the contract by `build-proto-file.ts`; the text and the
 * descriptor are both made from it, so they cannot disagree.
 */

export type ScalarName = "string" | "bool" | "double" | "int64";

/** What one element of a field is. Message names are fully qualified, without a leading dot. */
export type ElementType =
  | { readonly kind: "scalar"; readonly name: ScalarName }
  | { readonly kind: "message"; readonly name: string };

/** How often the element occurs. A `one` scalar is printed `optional`: presence is how "missing" differs from 0. */
export type FieldShape =
  | { readonly kind: "one" | "many"; readonly element: ElementType }
  | { readonly kind: "map"; readonly key: ScalarName; readonly value: ElementType };

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly shape: FieldShape;
  /** Lines of the comment above; empty for none. The same holds wherever `comment` occurs. */
  readonly comment: readonly string[];
}

export interface ProtoMessage {
  /** Unqualified. */
  readonly name: string;
  readonly fields: readonly ProtoField[];
  /** What is never used again. */
  readonly reserved: readonly { readonly number: number; readonly name: string }[];
  /** The messages that are declared inside it. */
  readonly nested: readonly ProtoMessage[];
  readonly comment: readonly string[];
}

/** A unary method without side effects, or one whose request and response are both streams. */
export interface ProtoMethod {
  readonly name: string;
  /** Fully qualified message names. */
  readonly input: string;
  readonly output: string;
  /** Whether both are streams. */
  readonly streams: boolean;
  readonly comment: readonly string[];
}

export interface ProtoService {
  readonly name: string;
  readonly methods: readonly ProtoMethod[];
  readonly comment: readonly string[];
}

export interface ProtoFile {
  /** Relative to the root of imports: `credit_decision/v1/credit_decision.proto`. */
  readonly path: string;
  readonly package: string;
  /** Paths of imported files, sorted. */
  readonly imports: readonly string[];
  readonly service: ProtoService;
  readonly messages: readonly ProtoMessage[];
  /** Above the `syntax` line. */
  readonly comment: readonly string[];
}

/** The name of a field in protobuf's JSON form, as `protoc` derives it: `annual_income` becomes `annualIncome`. */
export function jsonName(fieldName: string): string {
  return fieldName.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of the entry message that a map field implies: `TagsEntry` for `tags`. */
export function mapEntryName(fieldName: string): string {
  const name = jsonName(fieldName);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`;
}
