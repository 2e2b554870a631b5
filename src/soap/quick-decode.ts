/**
 * The usual request straight from its text to the inputs, compiled once per contract, in a fraction of the time of the
 * complete reader (`xml-reader.ts`, `envelope.ts`, `decode.ts`). Whatever is not known here, valid or not, is left to
 * that one, which alone words errors: this reader can give an answer sooner and never another one.
 */
import type { FieldType, Service } from "../contract/model.js";
import type { SoapOperation } from "../contract/soap-names.js";
import type { Limits } from "../limits.js";
import type { Struct } from "../values.js";
import { compileRowWrapper } from "./one-row.js";
import { compileQuickSequence } from "./quick-content.js";
import { rememberOpenings } from "./quick-openings.js";
import { QuickScanner } from "./quick-scanner.js";
import { SOAP_RULES, type SoapRules } from "./rules.js";

/** The inputs of a request; `undefined` when the complete reader has to read it. Never throws. */
export type QuickDecoder = (text: string) => Struct | undefined;

/** Envelope, body and the operation's element. */
const ENVELOPE_DEPTH = 3;

export function createQuickDecoder(
  service: Service,
  { maxXmlDepth, maxXmlElements }: Pick<Limits, "maxXmlDepth" | "maxXmlElements">,
  operation: SoapOperation = service.operation,
  rules: SoapRules = SOAP_RULES["1.1"],
): QuickDecoder {
  const { name, request } = operation;
  const wrapRows = compileRowWrapper(service, operation);
  const deepest = ENVELOPE_DEPTH + depthOf(request.fields);
  if (deepest > maxXmlDepth) return () => undefined;
  const readOpening = rememberOpenings({ envelope: rules.namespace, namespace: service.namespace, name });
  const content = compileQuickSequence(request.fields);
  return (text) => {
    const opening = readOpening(text);
    if (opening === undefined) return undefined;
    const scanner = new QuickScanner(text, opening.text.length, opening);
    const inputs = content.read(scanner, name);
    if (inputs === undefined || !scanner.endsWith(opening.ends)) return undefined;
    return opening.elements + scanner.elements > maxXmlElements ? undefined : wrapRows(inputs);
  };
}

/** Most levels of elements that a sequence can have. */
function depthOf(parts: readonly { readonly type: FieldType }[]): number {
  return Math.max(0, ...parts.map(({ type }) => 1 + depthInside(type)));
}

function depthInside(type: FieldType): number {
  switch (type.kind) {
    case "array":
      return depthOf([{ type: type.items }]);
    case "map":
      return 1 + depthOf([{ type: type.key }, { type: type.value }]);
    case "struct":
      return depthOf(type.message.fields);
    default:
      return 0;
  }
}
