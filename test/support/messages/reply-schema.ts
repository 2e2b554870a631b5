/** libxml2 as the strict validator of replies: the envelope by its own schema, the payload by that of the served WSDL. */
import { readFileSync } from "node:fs";
import { XmlDocument, XmlElement, XmlValidateError, XsdValidator } from "libxml2-wasm";
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import { repository } from "../served-example.js";
import { ENVELOPES, WSA } from "./exchange.js";

const FOLDER = repository("test/support/messages");
const envelopeSchemas = {
  "1.1": compile(readFileSync(`${FOLDER}/soap11-reply.xsd`, "utf8")),
  "1.2": compile(readFileSync(`${FOLDER}/soap12-reply.xsd`, "utf8")),
} as const satisfies Record<SoapVersion, XsdValidator>;

/** Validators by the text of the WSDL: a test run serves some dozens. */
const payloadSchemas = new Map<string, XsdValidator>();

/**
 * What is invalid in a reply's envelope, or in its payload or fault detail; empty when nothing is.
 * @param wsdl as served; absent when nobody knows it, and then only the envelope is looked at
 */
export function invalidIn(
  reply: XmlDocument,
  version: SoapVersion,
  wsdl: string | undefined,
): readonly string[] {
  const problems = problemsOf(envelopeSchemas[version], reply.root);
  if (wsdl === undefined) return problems;
  const names = { s: ENVELOPES[version] };
  const isFault = reply.get("/s:Envelope/s:Body/s:Fault", names) !== null;
  const path = isFault
    ? "/s:Envelope/s:Body/s:Fault/*[self::detail or self::s:Detail]/*"
    : "/s:Envelope/s:Body/*";
  const schema = payloadSchemas.get(wsdl) ?? compile(schemaOf(wsdl));
  payloadSchemas.set(wsdl, schema);
  // What is wrong with a header is told in the words of the header's specification, which the WSDL does not have.
  const payloads = reply
    .find(path, names)
    .filter((node) => node instanceof XmlElement)
    .filter(({ namespaceUri }) => namespaceUri !== WSA);
  return [...problems, ...payloads.flatMap((payload) => problemsOf(schema, payload))];
}

/** The schema that stands in a WSDL, with the namespaces that it takes from around it. */
function schemaOf(wsdl: string): string {
  const start = wsdl.indexOf("<xsd:schema");
  const end = wsdl.indexOf("</xsd:schema>") + "</xsd:schema>".length;
  const namespace = /targetNamespace="([^"]*)"/.exec(wsdl)?.[1] ?? "";
  const declarations = `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}"`;
  return wsdl.slice(start, end).replace("<xsd:schema", `<xsd:schema ${declarations}`);
}

function compile(schema: string): XsdValidator {
  return XsdValidator.fromDoc(XmlDocument.fromString(schema));
}

function problemsOf(schema: XsdValidator, element: XmlElement): readonly string[] {
  try {
    schema.validate(element);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.message.trim().split("\n");
    throw error;
  }
}
