/** SOAP 1.1 envelopes around sample payloads, indented for people. */
import type { SingleOperation, Operation, Service } from "../contract/model.js";
import { createEncoder } from "../soap/encode.js";
import { SOAP_RULES } from "../soap/rules.js";
import type { Struct, Value } from "../values.js";
import { element } from "../xml-printer.js";
import { encodeSoapRequest } from "./soap-request.js";

/** The envelope that calls an operation of the service with these inputs. */
export function soapRequest(
  service: Service,
  operation: Operation | SingleOperation,
  inputs: Struct,
): string {
  return envelope(encodeSoapRequest(service.namespace, operation, inputs));
}

/** The envelope that answers an operation: its payload comes from the encoder that answers real calls. */
export function soapResponse(
  service: Service,
  operation: Operation | SingleOperation,
  result: Value,
): string {
  return envelope(createEncoder(service, Infinity, operation)(result));
}

function envelope(payload: string): string {
  const body = element("soapenv:Body", payload);
  const root = element("soapenv:Envelope", body, { "xmlns:soapenv": SOAP_RULES["1.1"].namespace });
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
