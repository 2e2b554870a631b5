/** Scores tell the artifacts of some scenarios what to do. */
import { isStruct, newStruct, type Struct } from "../src/values.js";

/** The same row with another score. */
export function withScore(inputs: Struct, score: number): Struct {
  const rows = inputs["application"];
  const [row] = Array.isArray(rows) ? rows : [];
  if (!isStruct(row)) throw new TypeError("The input has no row.");
  const changed = Object.assign(newStruct(), row, { fico: score });
  return Object.assign(newStruct(), inputs, { application: [changed] });
}
