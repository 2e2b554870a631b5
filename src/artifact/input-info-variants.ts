/** The ways in which `input_info.json` may be written, and the names by which people speak of them. */

/** What each variant looks like, in a few words. */
export const VARIANT_NAMES = {
  V1: "columns with their types by name",
  V2: "a list of column names without types",
  V3: "a list of columns, each with alias and type",
  V4: "a table by name, with its columns under a key of their own",
  V5: "a list of tables",
  V6: "sections under keys of their own",
  V7: "columns by name, each with an object that has its type",
  V8: "function arguments",
  V9: "arguments with their types by name",
  empty: "nothing: the artifact wants no inputs",
} as const;

/** The variants that somebody can state; that a file is empty needs no word. */
export const VARIANT_CODES = ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9"] as const;

export type StatedVariant = (typeof VARIANT_CODES)[number];
export type VariantCode = keyof typeof VARIANT_NAMES;

export interface FoundVariant {
  /** The outermost one. */
  readonly code: VariantCode;
  /** It and those inside it, outermost first: a section (V6) with a list of tables (V5) with lists of columns (V3). */
  readonly codes: readonly VariantCode[];
  /** All of them in words. */
  readonly name: string;
}

/** What was found, outermost first; nothing found is an empty file. */
export function foundVariant(codes: readonly VariantCode[]): FoundVariant {
  const [code = "empty"] = codes;
  const all = codes.length === 0 ? [code] : codes;
  return { code, codes: all, name: all.map((each) => VARIANT_NAMES[each]).join("; ") };
}

/** `V4 (a table by name, …)` */
export function describeVariant(code: VariantCode): string {
  return `${code} (${VARIANT_NAMES[code]})`;
}
