/** The canonical form of what an artifact wants to be given. Everything behind the reader knows this form only. */
import type { Value } from "../values.js";
import type { DataType } from "./data-type.js";
import type { FoundVariant } from "./input-info-variants.js";

/** What the artifact says about a value for people to read. None of it is checked against what callers send. */
export interface ColumnDocumentation {
  /** `EUR`, `months`. */
  readonly unit?: string;
  /** Where the value comes from: a column of a source system. */
  readonly source?: string;
  /** What a missing value means: `never late`. */
  readonly nullMeaning?: string;
  /** The values that occur, as text: numbers and truth values as JSON writes them. */
  readonly allowedValues?: readonly string[];
}

/** A column of a table, an argument, or a runtime parameter. */
export interface InputColumn {
  /** The artifact's own name, verbatim: the key toward `main()`. */
  readonly alias: string;
  readonly type: DataType;
  /** The type as the file spells it, for the dataset dict and for documentation; `Any` where the file has none. */
  readonly spelledType: string;
  /** True: the caller may leave it out or send null. */
  readonly nullable: boolean;
  /** Empty when the file says nothing. */
  readonly description: string;
  /** Left out when the file says nothing of it. */
  readonly documentation?: ColumnDocumentation;
  /** Where it is from when it is not in `input_info.json`: the metadata, or the platform's convention for chats. */
  readonly origin?: "metadata" | "convention";
  /** What stands in when the caller sends nothing; of the declared type, never null. Not on a column of a table. */
  readonly default?: NonNullable<Value>;
}

export interface InputTable {
  readonly alias: string;
  readonly description: string;
  /** True: the table may be left out or have no rows. */
  readonly nullable: boolean;
  readonly columns: readonly InputColumn[];
}

export interface InputInfo {
  readonly tables: readonly InputTable[];
  /** Named single values (GenAI pipelines). */
  readonly arguments: readonly InputColumn[];
  /** Runtime parameters: scalars handed to `main()` beside the tables. */
  readonly parameters: readonly InputColumn[];
  /** How the file was written; left out when these inputs come from no file. */
  readonly variant?: FoundVariant;
}

/** The file, relative to the root of the artifact. */
export const INPUT_INFO_FILE = "input_info.json";
