/**
 * The schemas of single values (JSON Schema 2020-12): the one form in which `json/encode.ts` writes them. `json/decode.ts` reads
 * every text and number that they allow, and more.
 */
import type { DecimalType, DoubleType, FieldType, IntegerType } from "../contract/model.js";
import { largestDecimal } from "../decimals.js";
import { scaleDecimal } from "../contract/scale-decimal.js";
import { objectOf, type Schema } from "./schema.js";

export type ScalarType = Exclude<FieldType, { readonly kind: "array" | "map" | "struct" | "dynamic" }>;

const DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const DATE_TIME = `^${DATE}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6}0*)?(Z|[+\\-][0-9]{2}:[0-9]{2})?$`;
const DOUBLE = "^-?[0-9]+(\\.[0-9]+)?([eE][+\\-]?[0-9]+)?$";

export function scalarSchema(type: ScalarType): Schema {
  switch (type.kind) {
    case "string": {
      const { maxLength, allowed } = type;
      return objectOf({
        type: "string",
        maxLength: maxLength === undefined || allowed !== undefined ? undefined : BigInt(maxLength),
        enum: allowed === undefined ? undefined : [...allowed],
      });
    }
    case "boolean":
      return objectOf({ type: "boolean" });
    case "double":
      return doubleSchema(type);
    case "integer":
      return integerSchema(type);
    case "decimal":
      return objectOf({ type: "string", pattern: decimalPattern(type) });
    case "datetime":
      // `format: date-time` demands a zone, and none is written.
      return objectOf({ type: "string", pattern: DATE_TIME });
    case "date":
      return objectOf({ type: "string", format: "date" });
  }
}

/** What the name of a member can be when it stands for a key of a map. */
export function keySchema(type: ScalarType): Schema {
  switch (type.kind) {
    case "boolean":
      return objectOf({ enum: ["true", "false"] });
    case "integer":
      return objectOf({ pattern: "^-?[0-9]{1,19}$" });
    case "double":
      return objectOf({ pattern: [DOUBLE, ...notFiniteTexts(type).map((text) => `^${text}$`)].join("|") });
    case "date":
      return objectOf({ pattern: `^${DATE}$` });
    case "string":
    case "decimal":
    case "datetime": {
      const schema = scalarSchema(type);
      schema.delete("type");
      return schema;
    }
  }
}

/**
 * A double that `main()` returned: JSON has no number for what is not finite. Requests may hold the same texts, but a caller who
 * never sends them is spared a type of two kinds.
 */
export function answeredDouble(type: DoubleType): Schema {
  const texts = notFiniteTexts(type);
  const number = doubleSchema(type);
  if (texts.length === 0) return number;
  return objectOf({ anyOf: [number, objectOf({ type: "string", enum: [...texts] })] });
}

function doubleSchema(type: DoubleType): Schema {
  const { minimum = -Infinity, maximum = Infinity, totalDigits, fractionDigits = 0 } = type;
  const widest = totalDigits === undefined ? Infinity : Number(largestDecimal(totalDigits, fractionDigits));
  const least = Math.max(Number(minimum), -widest);
  const most = Math.min(Number(maximum), widest);
  return objectOf({
    type: "number",
    format: "double",
    minimum: Number.isFinite(least) ? least : undefined,
    maximum: Number.isFinite(most) ? most : undefined,
  });
}

/** The values of a double that are no numbers and that its facets still allow, as XML Schema writes them. */
function notFiniteTexts({ totalDigits, minimum, maximum }: DoubleType): readonly string[] {
  if (totalDigits !== undefined) return [];
  return [
    ...(minimum === undefined && maximum === undefined ? ["NaN"] : []),
    ...(maximum === undefined ? ["INF"] : []),
    ...(minimum === undefined ? ["-INF"] : []),
  ];
}

function integerSchema({ minimum, maximum, totalDigits }: IntegerType): Schema {
  const widest = totalDigits === undefined ? undefined : 10n ** BigInt(totalDigits) - 1n;
  const least = minimum === undefined ? undefined : scaleDecimal(minimum, 0, "up");
  const most = maximum === undefined ? undefined : scaleDecimal(maximum, 0, "down");
  return objectOf({
    type: "integer",
    format: "int64",
    minimum: widest !== undefined && (least === undefined || least < -widest) ? -widest : least,
    maximum: widest !== undefined && (most === undefined || most > widest) ? widest : most,
  });
}

/** Zeros at the end of the fraction do not count. */
function decimalPattern({ totalDigits, fractionDigits = 0 }: DecimalType): string {
  if (totalDigits === undefined) return "^-?[0-9]+(\\.[0-9]+)?$";
  const room = totalDigits - fractionDigits;
  const whole = room === 0 ? "0" : `[0-9]{1,${room}}`;
  const fraction = fractionDigits === 0 ? "0+" : `[0-9]{1,${fractionDigits}}0*`;
  return `^-?${whole}(\\.${fraction})?$`;
}
