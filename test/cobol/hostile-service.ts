/** A contract under the profile `mainframe` with everything that a record has difficulties with. */
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Service } from "../../src/contract/model.js";
import { proposeFacets } from "../../src/lock/propose-facets.js";

const LONG = "cumulative_number_of_late_payments_in_the_last_12_months";

const COLUMNS: readonly (readonly [alias: string, type: string])[] = [
  ...[
    "type",
    "values",
    "class",
    "toString",
    "__proto__",
    "a_b",
    "aB",
    "move",
    "perform",
    "entry",
    "row",
    "item",
  ].map((alias) => [alias, "String"] as const),
  [LONG, "Numerical"],
  [`${LONG}_before`, "Numerical"],
  ["x".repeat(200), "int"],
  ["доход", "Numerical"],
  ["年收入", "Numerical"],
  ["with spaces and 'quotes'", "Boolean"],
  ["exists_in_a_long_named_flag_of_the_bureau", "Boolean"],
  ["amount", "decimal(18,2)"],
  ["rate", "decimal(5,5)"],
  ["count", "decimal(7,0)"],
  ["opened_on", "date"],
  ["seen_at", "DateTime"],
  ["list", "Array[Array[Array[Numerical]]]"],
  ["amounts", "Map[String, Map[Numerical, Array[Boolean]]]"],
  ["empty", "Map[date, Struct[amount: decimal(9,2), item: Struct[item: String]]]"],
  ["nested", `${"Struct[level: ".repeat(8)}Boolean${"]".repeat(8)}`],
];

const RESULT =
  "Struct[amount: decimal(11,2), detail: Struct[amount: decimal(11,2), detail: Struct[amount: decimal(11,2)]], " +
  "history: Array[Struct[amount: decimal(11,2), history: Array[int]]], row: Array[Struct[row: String]]]";

/** Every name and type once, in a table that must be there and in one that need not. */
export function hostileService(): Service {
  const columns = COLUMNS.map(([alias, type], index) => ({
    alias,
    type,
    nullable: index % 2 === 0,
    description: `Line one.\n       01  INJECTED PIC X.\r\n      D  ${alias} — “quoted”, ${"w".repeat(90)}`,
  }));
  const service = buildContract({
    alias: "hostile",
    description: "*".repeat(100),
    inputs: normaliseInputInfo({
      tables: [
        { alias: "evaluate_request", nullable: false, columns },
        { alias: "row", columns },
      ],
      runtime_params: [{ alias: "item", type: "String" }],
    }),
    output: { type: parseDataType(RESULT), spelled: RESULT, origin: "declared" },
    profile: "mainframe",
  });
  return proposeFacets(service, []).service;
}
