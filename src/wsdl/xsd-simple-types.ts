/** How single values with facets are declared in XML Schema 1.0: a restriction of one of its own types. */
import type { Bounds, DecimalType, DoubleType, FieldType, StringType } from "../contract/model.js";
import { compareDecimals, largestDecimal } from "../decimals.js";
import { isXmlText, type XmlNode } from "../xml-printer.js";

export type ScalarType = Exclude<FieldType, { readonly kind: "array" | "map" | "struct" | "dynamic" }>;

/** A type of XML Schema, narrowed. */
export interface Restriction {
  readonly base: string;
  readonly facets: readonly XmlNode[];
}

const DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME_PATTERN = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6}0*)?";
const ZONE_PATTERN = "(Z|[+\\-][0-9]{2}:[0-9]{2})?";

/** What is declared for the type of a single value. */
export function restrictionOf(type: ScalarType): Restriction {
  switch (type.kind) {
    case "string":
      return { base: "xsd:string", facets: textFacets(type) };
    case "boolean":
      return { base: "xsd:boolean", facets: [] };
    case "double": {
      // A numeral of so many digits is what callers with fixed digits can read; xsd:double would allow an exponent.
      const base = type.totalDigits === undefined ? "xsd:double" : "xsd:decimal";
      return { base, facets: [...digits(type), ...bounds(withinDigits(type))] };
    }
    case "integer": {
      const total = type.totalDigits === undefined ? [] : [facet("totalDigits", type.totalDigits)];
      return { base: "xsd:long", facets: [...total, ...bounds(type).map(wholeNumber)] };
    }
    case "decimal":
      return { base: "xsd:decimal", facets: [...digits(type), ...bounds(withinDigits(type))] };
    case "date":
      return { base: "xsd:date", facets: [facet("pattern", DATE_PATTERN)] };
    case "datetime":
      return {
        base: "xsd:dateTime",
        facets: [facet("pattern", `${DATE_PATTERN}T${TIME_PATTERN}${ZONE_PATTERN}`)],
      };
  }
}

function textFacets({ maxLength, allowed = [] }: StringType): readonly XmlNode[] {
  return [
    ...(maxLength === undefined ? [] : [facet("maxLength", maxLength)]),
    // A value that XML cannot carry cannot be sent; declared, it would make the schema unreadable.
    ...allowed.filter(isXmlText).map((value) => facet("enumeration", value)),
  ];
}

/** Most digits of a bound: libxml2, and with it PHP and Python, reads no decimal with more. */
const MOST_BOUND_DIGITS = 24;

/**
 * XML Schema counts digits wherever they stand, the contract those before the point for themselves. So what they leave room for
 * is said with bounds, or with a pattern where a bound would be too long; without a fraction the count alone says it.
 */
function digits({ totalDigits, fractionDigits }: DoubleType | DecimalType): readonly XmlNode[] {
  if (totalDigits === undefined || fractionDigits === undefined) return [];
  const counted = [facet("totalDigits", totalDigits), facet("fractionDigits", fractionDigits)];
  if (fractionDigits === 0 || totalDigits <= MOST_BOUND_DIGITS) return counted;
  const whole = totalDigits - fractionDigits;
  return [...counted, facet("pattern", `[+\\-]?0*[0-9]{0,${whole}}(\\.[0-9]*)?`)];
}

/** The bounds of a type, narrowed to what its digits leave room for. */
function withinDigits({ totalDigits, fractionDigits = 0, minimum, maximum }: DoubleType | DecimalType): Bounds {
  if (totalDigits === undefined || fractionDigits === 0 || totalDigits > MOST_BOUND_DIGITS) {
    return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
  }
  const largest = largestDecimal(totalDigits, fractionDigits);
  const smallest = `-${largest}`;
  return {
    minimum: minimum === undefined || compareDecimals(minimum, smallest) < 0 ? smallest : minimum,
    maximum: maximum === undefined || compareDecimals(maximum, largest) > 0 ? largest : maximum,
  };
}

function bounds({ minimum, maximum }: Bounds): readonly XmlNode[] {
  return [
    ...(minimum === undefined ? [] : [facet("minInclusive", minimum)]),
    ...(maximum === undefined ? [] : [facet("maxInclusive", maximum)]),
  ];
}

/** A bound of a whole number may be written `10.0`, which is no whole number to XML Schema. */
function wholeNumber(node: XmlNode): XmlNode {
  return { ...node, attributes: { value: (node.attributes?.["value"] ?? "").replace(/\.0*$/, "") } };
}

function facet(name: string, value: string | number): XmlNode {
  return { name: `xsd:${name}`, attributes: { value: String(value) } };
}
