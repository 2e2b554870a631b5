/** The way from a value to one inside it. */
import type { PythonValue, Value } from "../values.js";
import type { Trail } from "./path-trail.js";
import type { ResultReader } from "./read-leaf.js";

/** One step further. Whoever throws leaves the trail as it is: nothing is read after that. */
export function readStep(read: ResultReader, value: PythonValue, trail: Trail, step: string | number): Value {
  trail.push(step);
  const result = read(value, trail);
  trail.pop();
  return result;
}
