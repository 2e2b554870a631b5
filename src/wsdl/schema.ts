/** The one schema of a service: inside its WSDL, and as a document of its own. */
import { FAULT_LENGTHS } from "../contract/fault-lengths.js";
import type { Message, Service } from "../contract/model.js";
import { faultName, fieldPlace, soapOperations, xsdTypeNames } from "../contract/soap-names.js";
import { printDocument, type XmlNode } from "../xml-printer.js";
import { annotation } from "./documentation.js";
import { complexType, declareType, declareTypes, fieldElements, reference, type Schema } from "./xsd-types.js";

/** The prefixes that the schema uses; whoever prints it declares them. */
export function schemaPrefixes(service: Service): Readonly<Record<string, string>> {
  return { "xmlns:xsd": "http://www.w3.org/2001/XMLSchema", "xmlns:tns": service.namespace };
}

/**
 * The schema alone, for whoever validates messages without a WSDL. Pure: the same service gives the same bytes.
 * @returns UTF-8 text, ending in a line feed
 */
export function generateXsd(service: Service): string {
  const { attributes, ...schema } = schemaNode(service);
  return printDocument({ ...schema, attributes: { ...schemaPrefixes(service), ...attributes } });
}

export function schemaNode(service: Service): XmlNode {
  const { request, response } = service.operation;
  const schema: Schema = { nameOf: xsdTypeNames(service), declared: new Map() };
  declareTypes(request, "request", schema);
  declareTypes(response, "response", schema);
  const fault = faultName(service);
  const typeOfFault = faultType(fault, schema);
  return {
    name: "xsd:schema",
    attributes: { targetNamespace: service.namespace, elementFormDefault: "qualified" },
    children: [
      // The fields of both operations are the same, and so are the names of their types.
      ...soapOperations(service).flatMap(({ name, request: asked, response: answered }) => [
        wrapper(name, asked, fieldElements({ ...asked, name: request.name }, "request", schema)),
        wrapper(
          `${name}Response`,
          answered,
          fieldElements({ ...answered, name: response.name }, "response", schema),
        ),
      ]),
      { name: "xsd:element", attributes: { name: fault, type: `tns:${fault}` } },
      ...schema.declared.values(),
      typeOfFault,
    ],
  };
}

/** The wrapper's type is anonymous: toolkits that unwrap parameters look for exactly this shape. */
function wrapper(name: string, { description }: Message, elements: readonly XmlNode[]): XmlNode {
  return {
    name: "xsd:element",
    attributes: { name },
    children: [
      ...annotation(description),
      { name: "xsd:complexType", children: [{ name: "xsd:sequence", children: elements }] },
    ],
  };
}

/** Every text is bounded: a COBOL generator makes fixed fields of them, and `soap/fault.ts` keeps to the bounds. */
function faultType(fault: string, schema: Schema): XmlNode {
  const text = (xmlName: Exclude<keyof typeof FAULT_LENGTHS, "reason">): string => {
    const type = { kind: "string", maxLength: FAULT_LENGTHS[xmlName] } as const;
    const place = fieldPlace(fault, { xmlName });
    declareType(type, place, "response", schema);
    return reference(type, place, schema.nameOf);
  };
  const part = (name: string, type: string, minOccurs: string, description: string): XmlNode => ({
    name: "xsd:element",
    attributes: { name, type, minOccurs, maxOccurs: "1" },
    children: annotation(description),
  });
  return complexType(fault, "", [
    part("code", text("code"), "1", "One of a closed list of words, for example invalid_input."),
    part("message", text("message"), "1", "What is wrong and what was expected."),
    part("path", text("path"), "0", "The first offending value, by the source names."),
    part("row", "xsd:int", "0", "Row of the table in the path, counted from 0."),
    part("requestId", text("requestId"), "1", "The id of this call in the log of the service."),
  ]);
}
