/** SOAP envelopes around sample payloads, indented for people. */
import type { Service } from "../contract/model.js";
import type { SoapOperation, SoapVersion } from "../contract/soap-names.js";
import { createEncoder } from "../soap/encode.js";
import { SOAP_RULES } from "../soap/rules.js";
import type { Struct, Value } from "../values.js";
import { element } from "../xml-printer.js";
import { encodeSoapRequest } from "./soap-request.js";

/** What a message belongs to. */
export interface SoapMessageOptions {
  readonly service: Service;
  readonly operation: SoapOperation;
  readonly version: SoapVersion;
}

/** The envelope that calls an operation. @param inputs in the operation's own form: rows where it has no tables */
export function soapRequest({ service, operation, version }: SoapMessageOptions, inputs: Struct): string {
  return envelope(encodeSoapRequest(service.namespace, operation, inputs), version);
}

/**
 * The envelope that answers an operation: its payload comes from the encoder that answers real calls.
 * @param result what `main()` returned, whatever the operation
 */
export function soapResponse({ service, operation, version }: SoapMessageOptions, result: Value): string {
  return envelope(createEncoder(service, Infinity, operation)(result), version);
}

function envelope(payload: string, version: SoapVersion): string {
  const body = element("soapenv:Body", payload);
  const root = element("soapenv:Envelope", body, { "xmlns:soapenv": SOAP_RULES[version].namespace });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${indentElements(root)}`;
}

/**
 * Puts every element that holds elements on lines of its own. Text is left as it is, because in it every blank counts. The
 * input is what `xml-printer.ts` prints, in which `<` and `>` stand for nothing but markup.
 */
export function indentElements(xml: string): string {
  const lines: string[] = [];
  let depth = 0;
  let previous: "open" | "close" | "empty" | undefined;
  for (const [, tag = "", text = ""] of xml.matchAll(/(<[^>]*>)([^<]*)/g)) {
    const kind = tag.startsWith("</") ? "close" : tag.endsWith("/>") ? "empty" : "open";
    if (kind === "close") depth -= 1;
    if (kind === "close" && previous === "open") lines.push(`${lines.pop() ?? ""}${tag}`);
    else lines.push("  ".repeat(depth) + tag + text);
    if (kind === "open") depth += 1;
    previous = kind;
  }
  return `${lines.join("\n")}\n`;
}
