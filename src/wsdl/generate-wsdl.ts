/**
 * The WSDL 1.1 document of a service: document-literal wrapped, SOAP 1.1 over HTTP, one inline schema, one
 * namespace (WS-I Basic Profile 1.1). Pure: the same service and address give the same bytes.
 */
import type { Service } from "../contract/model.js";
import { faultName, soapAction, soapPort } from "../contract/soap-names.js";
import { printDocument, type XmlNode } from "../xml-printer.js";
import { annotation, declareTypes, documentation, fieldElements } from "./xsd-types.js";

/**
 * @param address the URL under which callers reach the service; never taken from a request
 * @returns UTF-8 text, ending in a line feed
 */
export function generateWsdl(service: Service, address: string): string {
  const base = service.name.replace(/Service$/, "");
  const portTypeName = `${base}PortType`;
  const bindingName = `${base}SoapBinding`;
  return printDocument({
    name: "wsdl:definitions",
    attributes: {
      name: service.name,
      targetNamespace: service.namespace,
      "xmlns:wsdl": "http://schemas.xmlsoap.org/wsdl/",
      "xmlns:soap": "http://schemas.xmlsoap.org/wsdl/soap/",
      "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
      "xmlns:tns": service.namespace,
    },
    children: [
      documentation("wsdl:documentation", describeService(service)),
      { name: "wsdl:types", children: [schema(service)] },
      ...messages(service),
      portType(service, portTypeName),
      binding(service, bindingName, portTypeName),
      {
        name: "wsdl:service",
        attributes: { name: service.name },
        children: [
          {
            name: "wsdl:port",
            attributes: { name: soapPort(service), binding: `tns:${bindingName}` },
            children: [{ name: "soap:address", attributes: { location: address } }],
          },
        ],
      },
    ],
  });
}

function schema(service: Service): XmlNode {
  const { name, request, response } = service.operation;
  const types = new Map<string, XmlNode>();
  declareTypes(request.fields, "request", types);
  declareTypes(response.fields, "response", types);
  return {
    name: "xsd:schema",
    attributes: { targetNamespace: service.namespace, elementFormDefault: "qualified" },
    children: [
      wrapper(name, request.description, fieldElements(request.fields, "request")),
      wrapper(`${name}Response`, response.description, fieldElements(response.fields, "response")),
      { name: "xsd:element", attributes: { name: faultName(service), type: `tns:${faultName(service)}` } },
      ...types.values(),
      faultType(service),
    ],
  };
}

/** The wrapper's type is anonymous: toolkits that unwrap parameters look for exactly this shape. */
function wrapper(name: string, description: string, elements: readonly XmlNode[]): XmlNode {
  return {
    name: "xsd:element",
    attributes: { name },
    children: [
      ...annotation(description),
      { name: "xsd:complexType", children: [{ name: "xsd:sequence", children: elements }] },
    ],
  };
}

function faultType(service: Service): XmlNode {
  const part = (name: string, type: string, minOccurs: string, text: string): XmlNode => ({
    name: "xsd:element",
    attributes: { name, type, minOccurs, maxOccurs: "1" },
    children: annotation(text),
  });
  return {
    name: "xsd:complexType",
    attributes: { name: faultName(service) },
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

function messages(service: Service): readonly XmlNode[] {
  const { name } = service.operation;
  return [
    message(`${name}Request`, "parameters", name),
    message(`${name}Response`, "parameters", `${name}Response`),
    message(`${faultName(service)}Message`, "fault", faultName(service)),
  ];
}

function message(name: string, part: string, elementName: string): XmlNode {
  return {
    name: "wsdl:message",
    attributes: { name },
    children: [{ name: "wsdl:part", attributes: { name: part, element: `tns:${elementName}` } }],
  };
}

function portType(service: Service, name: string): XmlNode {
  const operation = service.operation.name;
  return {
    name: "wsdl:portType",
    attributes: { name },
    children: [
      {
        name: "wsdl:operation",
        attributes: { name: operation },
        children: [
          { name: "wsdl:input", attributes: { message: `tns:${operation}Request` } },
          { name: "wsdl:output", attributes: { message: `tns:${operation}Response` } },
          {
            name: "wsdl:fault",
            attributes: { name: faultName(service), message: `tns:${faultName(service)}Message` },
          },
        ],
      },
    ],
  };
}

function binding(service: Service, name: string, portTypeName: string): XmlNode {
  const literalBody = [{ name: "soap:body", attributes: { use: "literal" } }];
  return {
    name: "wsdl:binding",
    attributes: { name, type: `tns:${portTypeName}` },
    children: [
      {
        name: "soap:binding",
        attributes: { style: "document", transport: "http://schemas.xmlsoap.org/soap/http" },
      },
      {
        name: "wsdl:operation",
        attributes: { name: service.operation.name },
        children: [
          { name: "soap:operation", attributes: { soapAction: soapAction(service), style: "document" } },
          { name: "wsdl:input", children: literalBody },
          { name: "wsdl:output", children: literalBody },
          {
            name: "wsdl:fault",
            attributes: { name: faultName(service) },
            children: [{ name: "soap:fault", attributes: { name: faultName(service), use: "literal" } }],
          },
        ],
      },
    ],
  };
}

function describeService(service: Service): string {
  return (
    `${service.description} Dates and times are in UTC: no time zone means UTC, an offset is converted. ` +
    `Every SOAP fault about the body carries ${faultName(service)} in its detail.`
  );
}
