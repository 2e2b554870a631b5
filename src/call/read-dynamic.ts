/** Data that nothing declares, read as it is. */
import { CalendarDate, DateTime, Decimal, newStruct, type PythonValue, type Value } from "../values.js";
import type { Trail } from "./path-trail.js";
import { leafReader, Mismatch } from "./read-leaf.js";
import { readStep } from "./read-step.js";

const readDecimal = leafReader({ kind: "decimal" });
const readDateTime = leafReader({ kind: "datetime" });
const readDate = leafReader({ kind: "date" });

/** Any data with text keys; a decimal or a moment that no protocol can write (NaN, nanoseconds) is none. @throws Mismatch */
export function readDynamic(value: PythonValue, trail: Trail): Value {
  if (value instanceof Uint8Array) throw new Mismatch(trail, "data that every protocol can carry", value);
  if (value instanceof Decimal) return readDecimal(value, trail);
  if (value instanceof DateTime) return readDateTime(value, trail);
  if (value instanceof CalendarDate) return readDate(value, trail);
  if (Array.isArray(value)) return value.map((item, index) => readStep(readDynamic, item, trail, index));
  if (value instanceof Map) {
    const struct = newStruct();
    for (const [key, item] of value) {
      if (typeof key !== "string") throw new Mismatch(trail, "dict with str keys", key);
      struct[key] = readStep(readDynamic, item, trail, key);
    }
    return struct;
  }
  return value;
}
