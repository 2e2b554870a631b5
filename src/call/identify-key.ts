import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";

/** Two map keys that Python takes for the same have the same text here: 1.50 and 1.5, 0 and -0. */
export function identifyKey(key: Value): string {
  if (key instanceof Decimal) return key.text.includes(".") ? key.text.replace(/\.?0*$/, "") : key.text;
  if (key instanceof DateTime || key instanceof CalendarDate) return key.text;
  // The contract has scalar keys only; two of another kind are never taken for different ones.
  return typeof key === "object" ? "" : String(key);
}
