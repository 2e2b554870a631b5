/** A neutral number that keeps within the facets of its type. */
import { scaleDecimal } from "../contract/scale-decimal.js";
import type { DecimalType, DoubleType, IntegerType } from "../contract/model.js";
import { MAX_INTEGER, MIN_INTEGER } from "../lexical.js";

type NumberType = DoubleType | IntegerType | DecimalType;

/**
 * Decimal text: 1.5, or 1 where there is no fraction; else the bound that is nearest to it. Facets that leave no value at all
 * give one of their bounds.
 */
export function sampleNumber(type: NumberType): string {
  const { minimum, maximum, totalDigits } = type;
  const digits = fractionDigitsOf(type);
  const [lowest, highest] = rangeOf(type, digits);
  const widest = totalDigits === undefined ? undefined : 10n ** BigInt(totalDigits) - 1n;
  const least = largest(lowest, widest && -widest, minimum && scaleDecimal(minimum, digits, "up"));
  const most = smallest(highest, widest, maximum && scaleDecimal(maximum, digits, "down"));
  const wish = digits === 0 ? 1n : 15n * 10n ** BigInt(digits - 1);
  return unscaled(smallest(largest(wish, least), most) ?? wish, digits);
}

type Bound = bigint | "" | undefined;

/** The bounds that a type has by itself. */
function rangeOf({ kind }: NumberType, digits: number): readonly [Bound, Bound] {
  const whole = 10n ** BigInt(digits);
  return kind === "integer" ? [MIN_INTEGER * whole, MAX_INTEGER * whole] : [undefined, undefined];
}

function fractionDigitsOf(type: NumberType): number {
  if (type.kind === "integer") return 0;
  if (type.fractionDigits !== undefined) return type.fractionDigits;
  const given = [type.minimum, type.maximum].map((text) => text?.split(".")[1]?.length ?? 0);
  return Math.max(1, ...given);
}

function largest(...bounds: readonly Bound[]): bigint | undefined {
  return numbersOf(bounds).reduce<bigint | undefined>(
    (a, b) => (a === undefined || b > a ? b : a),
    undefined,
  );
}

function smallest(...bounds: readonly Bound[]): bigint | undefined {
  return numbersOf(bounds).reduce<bigint | undefined>(
    (a, b) => (a === undefined || b < a ? b : a),
    undefined,
  );
}

function numbersOf(bounds: readonly Bound[]): readonly bigint[] {
  return bounds.filter((bound) => typeof bound === "bigint");
}

function unscaled(scaled: bigint, digits: number): string {
  const sign = scaled < 0n ? "-" : "";
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
