/**
 * The named choices in how `main()` is called, which no public document of the platform settles. They stand in the contract
 * lock under `main`; `lock --sample` finds them out, `serve` never experiments. The Python host obeys them
 * (`src/pool/python/gateway_host/datasets.py`, `call_styles.py`).
 */
import { z } from "zod";

/** How `main()` gets a table: D1 to D6 of the platform's facts, the likeliest first. */
export const DATASET_FORMATS = [
  "column_type_values",
  "dataset_type_values_columns",
  "dataset_type_values_rows",
  "columns",
  "rows",
  "row",
] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

/** Which parameters of `main()` get the inputs. */
export const CALL_STYLES = ["auto", "none", "data", "tables", "arguments"] as const;
export type CallStyle = (typeof CALL_STYLES)[number];

/** What runtime parameters are to `main()`. */
export const PARAMETER_FORMS = ["dict", "pairs", "names"] as const;
export type ParameterForm = (typeof PARAMETER_FORMS)[number];

/** What moments and dates are to `main()`. */
export const DATETIME_FORMS = ["datetime", "text"] as const;
export type DatetimeForm = (typeof DATETIME_FORMS)[number];

/** How the dataset formats with types spell them. */
export const TYPE_SPELLINGS = ["as_is", "platform", "python"] as const;
export type TypeSpelling = (typeof TYPE_SPELLINGS)[number];

export interface MainOptions {
  readonly datasetFormat: DatasetFormat;
  readonly callStyle: CallStyle;
  readonly parametersAs: ParameterForm;
  readonly datetimeAs: DatetimeForm;
  readonly typeSpelling: TypeSpelling;
}

/** What is assumed of an artifact of which nothing else is known. */
export const DEFAULT_MAIN_OPTIONS: MainOptions = Object.freeze({
  datasetFormat: "column_type_values",
  callStyle: "auto",
  parametersAs: "dict",
  datetimeAs: "datetime",
  typeSpelling: "as_is",
});

/** One sentence about each choice, for the lock's schema and the documentation. */
export const MAIN_OPTION_MEANINGS = {
  datasetFormat: {
    column_type_values:
      'Columns with their types (D1): `{"fico": {"type": "Numerical", "values": [712.0]}}`.',
    dataset_type_values_columns:
      'Types, then columns (D2): `{"type": {"fico": "Numerical"}, "values": {"fico": [712.0]}}`.',
    dataset_type_values_rows:
      'Types, then rows (D3): `{"type": {"fico": "Numerical"}, "values": [{"fico": 712.0}]}`.',
    columns: 'Columns alone (D4): `{"fico": [712.0]}`.',
    rows: 'Rows alone (D5): `[{"fico": 712.0}]`.',
    row: 'The only row (D6): `{"fico": 712.0}`; callers must send exactly one row in every table.',
  },
  callStyle: {
    auto: "The signature of `main()` decides when the artifact is loaded; what it leaves open is refused then.",
    none: "`main()`: there are neither tables nor arguments.",
    data: "`main(data)`: one dict of all tables by their names, or of all arguments where there is no table.",
    tables: "`main(application=…, trade_lines=…)`: each table by its name.",
    arguments:
      "`main(user_message=…)`: each argument by its name; with one table and the format `row`, each of its columns.",
  },
  parametersAs: {
    dict: '`runtime_params={"per_num": 3.0}`.',
    pairs: '`runtime_params=(("per_num", 3.0),)`.',
    names: "`per_num=3.0`: each runtime parameter by its name.",
  },
  datetimeAs: {
    datetime: "`datetime.datetime` without a zone, meaning UTC, and `datetime.date`.",
    text: "`2024-01-31 10:00:00` as the platform casts it, with microseconds if there are any, and `2024-01-31`.",
  },
  typeSpelling: {
    as_is: "Types as `input_info.json` spells them.",
    platform: "Types as the platform spells them: `Numerical`, `Array[String]`.",
    python: "Types as Python spells them: `float`, `list[str]`.",
  },
} as const satisfies { [Name in keyof MainOptions]: Record<MainOptions[Name], string> };

/** The choices as they stand in the contract lock: one that is left out has its default, any other word is refused. */
export const MAIN_OPTIONS_SCHEMA = z.strictObject({
  datasetFormat: z
    .enum(DATASET_FORMATS)
    .default(DEFAULT_MAIN_OPTIONS.datasetFormat)
    .describe(explain("How main() gets a table.", MAIN_OPTION_MEANINGS.datasetFormat)),
  callStyle: z
    .enum(CALL_STYLES)
    .default(DEFAULT_MAIN_OPTIONS.callStyle)
    .describe(explain("Which parameters of main() get the inputs.", MAIN_OPTION_MEANINGS.callStyle)),
  parametersAs: z
    .enum(PARAMETER_FORMS)
    .default(DEFAULT_MAIN_OPTIONS.parametersAs)
    .describe(explain("What runtime parameters are to main().", MAIN_OPTION_MEANINGS.parametersAs)),
  datetimeAs: z
    .enum(DATETIME_FORMS)
    .default(DEFAULT_MAIN_OPTIONS.datetimeAs)
    .describe(explain("What moments and dates are to main().", MAIN_OPTION_MEANINGS.datetimeAs)),
  typeSpelling: z
    .enum(TYPE_SPELLINGS)
    .default(DEFAULT_MAIN_OPTIONS.typeSpelling)
    .describe(explain("How the types beside values are spelled.", MAIN_OPTION_MEANINGS.typeSpelling)),
}) satisfies z.ZodType<MainOptions>;

function explain(question: string, meanings: Readonly<Record<string, string>>): string {
  return [question, ...Object.entries(meanings).map(([word, meaning]) => `${word}: ${meaning}`)].join("\n");
}
