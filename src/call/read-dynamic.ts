/** Data that nothing declares, read as it is. */
import { CalendarDate, DateTime, Decimal, newStruct, type PythonValue, type Value } from "../values.js";
import type { Trail } from "./path-trail.js";
import { leafReader, Mismatch } from "./read-leaf.js";
import { readStep } from "./read-step.js";

const readDecimal = leafReader({ kind: "decimal" });
const readDateTime = leafReader({ kind: "datetime" });
const readDate = leafReader({ kind: "date" });

/**
 * Levels of lists and dicts, with what is in the innermost: about as many as Python's own limit of recursion lets through. An artifact may have raised that,
 * and what reads and writes data here calls itself once for each level, so that any number would overflow the stack.
 */
const MAX_DEPTH = 1000;

/** Any data with text keys; a decimal or a moment that no protocol can write (NaN, nanoseconds) is none. @throws Mismatch */
export function readDynamic(value: PythonValue, trail: Trail): Value {
  if (value instanceof Uint8Array) throw new Mismatch(trail, "data that every protocol can carry", value);
  if (value instanceof Decimal) return readDecimal(value, trail);
  if (value instanceof DateTime) return readDateTime(value, trail);
  if (value instanceof CalendarDate) return readDate(value, trail);
  // The way to it would fill the log.
  if (trail.length > MAX_DEPTH)
    throw new Mismatch(trail.slice(0, 1), `data of at most ${MAX_DEPTH} levels`, value);
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
