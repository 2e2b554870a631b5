/** Bounds, which the contract keeps as decimal text, as whole numbers to count with. */
import { parseDecimal } from "../lexical.js";

/**
 * A decimal times ten to the power of `digits`, as a whole number.
 * @param towards where digits beyond those are rounded to
 * @throws RangeError for a text that is no decimal
 */
export function scaleDecimal(text: string, digits: number, towards: "up" | "down"): bigint {
  const canonical = parseDecimal(text)?.text;
  if (canonical === undefined) throw new RangeError("The text is not a decimal number.");
  const isNegative = canonical.startsWith("-");
  const whole = canonical.slice(isNegative ? 1 : 0).split(".", 1)[0] ?? "";
  const fraction = canonical.split(".", 2)[1] ?? "";
  const kept = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  const awayFromZero = isNegative ? "down" : "up";
  const size = /[1-9]/.test(fraction.slice(digits)) && towards === awayFromZero ? kept + 1n : kept;
  return isNegative ? -size : size;
}
