/** A contract as large as anybody will have one. */
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Service } from "../../src/contract/model.js";

/** Eight levels of types inside one another. */
const NESTED =
  "Array[Struct[a: Map[String, Array[Struct[b: Map[Integer, Array[Numerical]], c: String]]], d: Decimal(15,2)]]";

const TYPES = ["String", "Numerical", "Integer", "Decimal(15,2)", "Boolean", "DateTime", "date", NESTED];

/** @param columns of all tables together */
export function largeContract(tables: number, columns: number): Service {
  const each = columns / tables;
  const spelled = `Array[${NESTED}]`;
  return buildContract({
    alias: "large",
    description: "Large.",
    inputs: normaliseInputInfo({
      tables: Array.from({ length: tables }, (_, table) => ({
        alias: `table_${table}`,
        description: "One of many tables.",
        columns: Array.from({ length: each }, (_unused, column) => ({
          alias: `column_${column}_of_${table}`,
          type: TYPES[column % TYPES.length],
          description: "A column with a description of a usual length, in one sentence.",
        })),
      })),
    }),
    output: { type: parseDataType(spelled), spelled, origin: "metadata" },
  });
}
