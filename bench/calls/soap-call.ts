/** The call over SOAP; the same bytes for every server. */
import { soapAction } from "../../src/contract/soap-names.js";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../../src/values.js";
import { element, escapeText } from "../../src/xml-printer.js";
import type { ConstantCall } from "./call.js";
import { resultFields } from "./result-fields.js";

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

export function soapCall(service: Service, inputs: Struct): ConstantCall {
  const { operation, namespace } = service;
  const envelope = (payload: string): Buffer => {
    const body = element("soapenv:Body", payload);
    const whole = element("soapenv:Envelope", body, { "xmlns:soapenv": ENVELOPE, "xmlns:v1": namespace });
    return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${whole}`);
  };
  const fields = resultFields(service);
  const [result] = operation.response.fields;
  return {
    request: {
      protocol: "soap",
      path: soapVersionPath(service, "1.1"),
      payload: envelope(element(`v1:${operation.name}`, xmlFields(operation.request.fields, inputs))),
      headers: ["Content-Type: text/xml; charset=utf-8", `SOAPAction: "${soapAction(service)}"`],
    },
    isAnswer(bytes, answer) {
      const text = bytes.toString();
      return fields.every(({ source, xmlName }) => {
        const found = new RegExp(`<(?:[\\w.-]+:)?${xmlName}>([^<]*)</`).exec(text)?.[1];
        const expected = answer[source];
        return typeof expected === "number" ? Number(found) === expected : found === String(expected);
      });
    },
    answerBytes(answer) {
      const record = fields.map(({ source, xmlName }) =>
        element(`v1:${xmlName}`, escapeText(String(answer[source]))),
      );
      return envelope(
        element(`v1:${operation.response.name}`, element(`v1:${result.xmlName}`, record.join(""))),
      );
    },
  };
}

function xmlFields(fields: readonly Field[], struct: Struct): string {
  return fields
    .flatMap(({ source, xmlName, type }) => {
      const value = struct[source];
      return value === undefined || value === null ? [] : [element(`v1:${xmlName}`, xmlContent(type, value))];
    })
    .join("");
}

function xmlContent(type: FieldType, value: Value): string {
  if (type.kind === "array" && Array.isArray(value)) {
    return value.map((item) => element(`v1:${type.itemName}`, xmlContent(type.items, item))).join("");
  }
  if (type.kind === "struct" && isStruct(value)) return xmlFields(type.message.fields, value);
  return escapeText(textOf(value));
}

function textOf(value: Value): string {
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate)
    return value.text;
  if (typeof value !== "object") return String(value);
  throw new TypeError("The benchmark sends tables of scalars only.");
}
