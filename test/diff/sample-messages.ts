/** Random valid messages of a contract as SOAP envelopes, with many values at the very edge of what their facets admit. */
import type { Bounds, Field, FieldType, Service } from "../../src/contract/model.js";
import { compareDecimals } from "../../src/decimals.js";
import { escapeText } from "../../src/xml-printer.js";
import type { Roll } from "./roll.js";

export function requestEnvelope({ namespace, operation }: Service, roll: Roll): string {
  return envelope(operation.name, namespace, operation.request.fields, roll);
}

export function replyEnvelope({ namespace, operation }: Service, roll: Roll): string {
  return envelope(`${operation.name}Response`, namespace, operation.response.fields, roll);
}

function envelope(name: string, namespace: string, fields: readonly Field[], roll: Roll): string {
  return (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
    `<${name} xmlns="${namespace}">${elements(fields, roll)}</${name}></s:Body></s:Envelope>`
  );
}

function elements(fields: readonly Field[], roll: Roll): string {
  return fields
    .filter(({ required }) => required || roll.chance(0.8))
    .map(({ xmlName, type, required }) => element(xmlName, content(type, roll, required)))
    .join("");
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

/** @param needsOne a required table has at least one row */
function content(type: FieldType, roll: Roll, needsOne = false): string {
  switch (type.kind) {
    case "array":
      return many(type.maxItems, roll, needsOne, () => element(type.itemName, content(type.items, roll)));
    case "map":
      return many(type.maxItems, roll, needsOne, () => {
        const entry = element("key", content(type.key, roll)) + element("value", content(type.value, roll));
        return element("entry", entry);
      });
    case "struct":
      return elements(type.message.fields, roll);
    default:
      return escapeText(roll.pick(textsOf(type)));
  }
}

/** A few elements, or as many as there may be where that is few. */
function many(maxItems: number, roll: Roll, needsOne: boolean, one: () => string): string {
  const most = Math.min(maxItems, 4);
  const least = needsOne ? 1 : 0;
  return Array.from({ length: least + roll.below(most - least + 1) }, one).join("");
}

/** Texts of a type that its facets admit. */
export function textsOf(type: FieldType): readonly string[] {
  switch (type.kind) {
    case "string": {
      const { allowed, maxLength = 60 } = type;
      return (
        allowed?.filter((text) => text.length <= maxLength) ?? [
          "",
          "x".repeat(maxLength),
          "é".slice(0, maxLength),
        ]
      );
    }
    case "boolean":
      return ["true", "false"];
    case "date":
      return ["2024-02-29", "1999-12-31"];
    case "datetime":
      return ["2024-02-29T23:59:59.123456Z", "1999-12-31T00:00:00"];
    case "dynamic":
      return ['{"a":1}', "null"];
    case "integer":
      return numbers(type, type.totalDigits ?? 18, 0);
    case "decimal":
      return numbers(type, type.totalDigits ?? 30, type.fractionDigits ?? 10);
    case "double":
      return type.totalDigits === undefined && type.minimum === undefined
        ? ["1.5E300", "INF", "0", "-12.25"]
        : numbers(type, type.totalDigits ?? 15, type.fractionDigits ?? 3);
    case "array":
    case "map":
    case "struct":
      return [];
  }
}

function numbers(
  { minimum, maximum }: Bounds,
  totalDigits: number,
  fractionDigits: number,
): readonly string[] {
  const digits = totalDigits - fractionDigits;
  const whole = "9".repeat(digits) || "0";
  const withFraction = fractionDigits === 0 ? whole : `${whole}.${"9".repeat(fractionDigits)}`;
  return [whole, `-${whole}`, withFraction, "0", "1", "10", "-10.5", "-10", "250"].filter(
    (text) =>
      (fractionDigits > 0 || !text.includes(".")) &&
      (/^-?0*([0-9]*)/.exec(text)?.[1] ?? "").length <= digits &&
      (minimum === undefined || compareDecimals(text, minimum) >= 0) &&
      (maximum === undefined || compareDecimals(text, maximum) <= 0),
  );
}
