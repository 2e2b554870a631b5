/**
 * The usual request straight from its text to the inputs, compiled once per contract, in a fraction of the time of the
 * complete reader (`xml-reader.ts`, `envelope.ts`, `decode.ts`). Whatever is not known here, valid or not, is left to
 * that one, which alone words errors: this reader can give an answer sooner and never another one.
 */
import type { Service } from "../../contract/model.js";
import type { SoapOperation } from "../../contract/soap-names.js";
import type { XmlLimits } from "../../limits.js";
import type { Struct } from "../../values.js";
import { compileRowWrapper } from "../one-row.js";
import { compileQuickSequence } from "./quick-content.js";
import { keepsWithin } from "./quick-limits.js";
import { rememberOpenings } from "./quick-openings.js";
import { QuickScanner } from "./quick-scanner.js";
import { SOAP_RULES, type SoapRules } from "../rules.js";

/** The inputs of a request; `undefined` when the complete reader has to read it. Never throws. */
export type QuickDecoder = (text: string) => Struct | undefined;

export function createQuickDecoder(
  service: Service,
  limits: XmlLimits,
  operation: SoapOperation = service.operation,
  rules: SoapRules = SOAP_RULES["1.1"],
): QuickDecoder {
  const { name, request } = operation;
  const wrapRows = compileRowWrapper(service, operation);
  if (!keepsWithin(limits, request)) return () => undefined;
  const { maxXmlElements, maxXmlCharacters, maxXmlTextLength, maxXmlChildren } = limits;
  const readOpening = rememberOpenings({ envelope: rules.namespace, namespace: service.namespace, name });
  const content = compileQuickSequence(request.fields, maxXmlChildren);
  return (text) => {
    if (text.length > maxXmlCharacters) return undefined;
    const opening = readOpening(text);
    if (opening === undefined) return undefined;
    const scanner = new QuickScanner(text, opening.text.length, opening, maxXmlTextLength);
    const inputs = content.read(scanner, name);
    if (inputs === undefined || !scanner.endsWith(opening.ends)) return undefined;
    return opening.elements + scanner.elements > maxXmlElements ? undefined : wrapRows(inputs);
  };
}
