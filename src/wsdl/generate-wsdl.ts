/**
 * The WSDL 1.1 document of a service: document-literal wrapped, SOAP over HTTP, one inline schema, one namespace (WS-I
 * Basic Profile 1.1). Pure: the same service, address and version give the same bytes.
 */
import type { Message, Service } from "../contract/model.js";
import {
  faultName,
  soapBinding,
  soapOperations,
  soapPort,
  xsdTypeNames,
  type SoapVersion,
} from "../contract/soap-names.js";
import { printDocument, type XmlNode } from "../xml-printer.js";
import { bindingNode, messageNodes, portTypeNode, SOAP_EXTENSIONS } from "./bindings.js";
import { annotation, describeService, documentation } from "./documentation.js";
import { declareTypes, fieldElements, type Schema } from "./xsd-types.js";

/**
 * @param address the URL under which callers reach the service; never taken from a request
 * @param version of SOAP: each has a document of its own, as WS-I and the tools of callers want it
 * @returns UTF-8 text, ending in a line feed
 */
export function generateWsdl(service: Service, address: string, version: SoapVersion = "1.1"): string {
  const { prefix, namespace } = SOAP_EXTENSIONS[version];
  const port = {
    name: "wsdl:port",
    attributes: { name: soapPort(service, version), binding: `tns:${soapBinding(service, version)}` },
    children: [{ name: `${prefix}:address`, attributes: { location: address } }],
  };
  return printDocument({
    name: "wsdl:definitions",
    attributes: {
      name: service.name,
      targetNamespace: service.namespace,
      "xmlns:wsdl": "http://schemas.xmlsoap.org/wsdl/",
      [`xmlns:${prefix}`]: namespace,
      "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
      "xmlns:tns": service.namespace,
    },
    children: [
      documentation("wsdl:documentation", describeService(service)),
      { name: "wsdl:types", children: [schemaNode(service)] },
      ...messageNodes(service),
      portTypeNode(service),
      bindingNode(service, version),
      { name: "wsdl:service", attributes: { name: service.name }, children: [port] },
    ],
  });
}

function schemaNode(service: Service): XmlNode {
  const { request, response } = service.operation;
  const schema: Schema = { nameOf: xsdTypeNames(service), declared: new Map() };
  declareTypes(request, "request", schema);
  declareTypes(response, "response", schema);
  const fault = faultName(service);
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
      faultType(fault),
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

function faultType(name: string): XmlNode {
  const part = (partName: string, type: string, minOccurs: string, text: string): XmlNode => ({
    name: "xsd:element",
    attributes: { name: partName, type, minOccurs, maxOccurs: "1" },
    children: annotation(text),
  });
  return {
    name: "xsd:complexType",
    attributes: { name },
    children: [
      {
        name: "xsd:sequence",
        children: [
          part("code", "xsd:string", "1", "One of a closed list of words, for example invalid_input."),
          part("message", "xsd:string", "1", "What is wrong and what was expected."),
          part("path", "xsd:string", "0", "The first offending value, by the source names."),
          part("row", "xsd:int", "0", "Row of the table in the path, counted from 0."),
          part("requestId", "xsd:string", "1", "The id of this call in the log of the service."),
        ],
      },
    ],
  };
}
