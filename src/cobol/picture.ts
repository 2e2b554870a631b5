/**
 * How one value is stored in a COBOL record: the mapping that CICS DFHWS2LS has for our XML Schema types from mapping level 2.1
 * on, with dates as text and without SYNC, so that no slack bytes come between.
 */
import type { DecimalType, DoubleType, FieldType, StringType } from "../contract/model.js";

/** The clauses of an elementary item and its length in bytes. */
export interface Picture {
  /** `PIC X(10)`, `PIC S9(9)V9(2) COMP-3`. */
  readonly clause: string;
  readonly bytes: number;
}

/** Most digits of a PICTURE without ARITH(EXTEND) (Enterprise COBOL, "Compiler limits"). */
export const MOST_DIGITS = 18;
/** Most digits of a PICTURE with ARITH(EXTEND), and of DFHWS2LS with WIDE-COMP3=YES. */
const MOST_DIGITS_EXTENDED = 31;
/** DFHWS2LS: a longer text does not become an item of the record. */
export const LONGEST_TEXT = 32_767;
/** What CICS gives a date or a date and time. */
const MOMENT: Picture = { clause: "PIC X(32)", bytes: 32 };

/** The count of a list or of an optional value: `-num`. */
export const COUNT: Picture = { clause: "PIC S9(9) COMP-5", bytes: 4 };

/** A scalar's picture, or why COBOL cannot carry it. */
export type Stored = Picture | { readonly missing: string };

export type ScalarType = Exclude<FieldType, { readonly kind: "array" | "map" | "struct" }>;

/** The picture of a value that is neither a list nor a record. */
export function storedAs(type: ScalarType): Stored {
  switch (type.kind) {
    case "string":
      return text(type);
    case "boolean":
      return { clause: "PIC X", bytes: 1 };
    case "integer":
      // As CICS stores an xs:long whatever its facets are; COMP-5 keeps all 64 bits.
      return { clause: "PIC S9(18) COMP-5", bytes: 8 };
    case "double":
      return hasDigits(type) ? packed(type) : { clause: "COMP-2", bytes: 8 };
    case "decimal":
      return hasDigits(type) ? packed(type) : { missing: "its digits are not limited" };
    case "datetime":
    case "date":
      return MOMENT;
    case "dynamic":
      return { missing: "its type is not declared" };
  }
}

/**
 * The COBOL of one contract type in one line, for tables of documentation: `PIC X(40)`, `COMP-2`,
 * `item-num PIC S9(9) COMP-5, item OCCURS 12 TIMES`. What COBOL cannot carry is `none: …` with the reason.
 */
export function cobolPicture(type: FieldType): string {
  switch (type.kind) {
    case "array":
      return occurs(type.itemName, type.itemName, type.maxItems);
    case "map":
      return occurs("Xentry", "Xentry", type.maxItems);
    case "struct":
      return "group";
    default: {
      const stored = storedAs(type);
      return "missing" in stored ? `none: ${stored.missing}` : stored.clause;
    }
  }
}

function occurs(count: string, item: string, maxItems: number): string {
  return `${count}-num ${COUNT.clause}, ${item} OCCURS ${maxItems} TIMES`;
}

function text({ maxLength, allowed }: StringType): Stored {
  const longest =
    allowed === undefined ? maxLength : Math.max(1, ...allowed.map((value) => Array.from(value).length));
  if (longest === undefined) return { missing: "its length is not limited" };
  if (longest > LONGEST_TEXT) return { missing: `it may be longer than ${LONGEST_TEXT} characters` };
  return { clause: `PIC X(${longest})`, bytes: longest };
}

interface Digits {
  readonly totalDigits: number;
  readonly fractionDigits: number;
}

function hasDigits<T extends DoubleType | DecimalType>(type: T): type is T & Digits {
  return type.totalDigits !== undefined && type.fractionDigits !== undefined;
}

function packed({ totalDigits, fractionDigits }: Digits): Stored {
  if (totalDigits > MOST_DIGITS_EXTENDED) {
    return { missing: `it may have more than ${MOST_DIGITS_EXTENDED} digits` };
  }
  const whole = totalDigits > fractionDigits ? `9(${totalDigits - fractionDigits})` : "";
  const fraction = fractionDigits > 0 ? `V9(${fractionDigits})` : "";
  // Two digits in a byte, and half a byte for the sign.
  return { clause: `PIC S${whole}${fraction} COMP-3`, bytes: Math.floor(totalDigits / 2) + 1 };
}
