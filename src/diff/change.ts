/** What can differ between two versions of a contract, and what each difference does to callers: closed lists. */

/** The protocols that callers speak; `cobol` is a SOAP caller whose records were generated from the contract. */
export const PROTOCOLS = ["soap", "grpc", "json", "cobol"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * From harmless to not. `same`: no byte of any message differs. `compatible`: whoever was built with the contract before goes on
 * working. `breaking`: somebody who was built with it may fail, or be answered something else than they were promised.
 */
export const VERDICTS = ["same", "compatible", "breaking"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Differences of one field or type, in what callers send and in what they get. */
export const FIELD_KINDS = [
  "field_added",
  "field_added_required",
  "field_inserted",
  "field_removed",
  "field_removed_unreserved",
  "reservation_lost",
  "source_renamed",
  "xml_name_changed",
  "proto_name_changed",
  "number_changed",
  "order_changed",
  "type_changed",
  "type_renamed",
  "list_renamed",
  "item_name_changed",
  "became_required",
  "became_optional",
  "default_added",
  "default_changed",
  "length_widened",
  "length_narrowed",
  "digits_widened",
  "digits_narrowed",
  "digits_moved",
  "bounds_widened",
  "bounds_narrowed",
  "bounds_moved",
  "values_widened",
  "values_narrowed",
  "values_moved",
  "items_widened",
  "items_narrowed",
  "documentation_changed",
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** Differences that only what callers send can have. */
export const INPUT_KINDS = ["role_changed"] as const;
export type InputKind = FieldKind | (typeof INPUT_KINDS)[number];

/** Differences that only the answer can have. */
export const OUTPUT_KINDS = ["result_declared", "result_undeclared", "result_origin_changed"] as const;
export type OutputKind = FieldKind | (typeof OUTPUT_KINDS)[number];

/** Differences of the interface as a whole. */
export const INTERFACE_KINDS = [
  "major_changed",
  "alias_changed",
  "profile_changed",
  "single_added",
  "single_removed",
  "type_name_reused",
  "documentation_changed",
] as const;
export type InterfaceKind = (typeof INTERFACE_KINDS)[number];

interface Place {
  /** In the artifact's own names: `application[].annual_income`; empty for the interface as a whole. */
  readonly path: string;
  /** What was there, in a few words; absent when there was nothing. */
  readonly before?: string;
  readonly after?: string;
}

/** A difference by itself. `input`: in what callers send. `output`: in what they get. */
export type Difference = Place &
  (
    | { readonly direction: "input"; readonly kind: InputKind }
    | { readonly direction: "output"; readonly kind: OutputKind }
    | { readonly direction: "interface"; readonly kind: InterfaceKind }
  );

export interface Effect {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly why: string;
}

export type Effects = Readonly<Record<Protocol, Effect>>;

/** A difference with what it does to the callers of each protocol. */
export type Change = Difference & { readonly effects: Effects };
