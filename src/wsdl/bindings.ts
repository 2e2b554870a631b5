/** The abstract operations of a WSDL, and how a version of SOAP carries them. */
import { faultAction, replyAction } from "../contract/addressing-actions.js";
import type { Service } from "../contract/model.js";
import {
  faultName,
  portTypeName,
  soapAction,
  soapBinding,
  soapOperations,
  type SoapOperation,
  type SoapVersion,
} from "../contract/soap-names.js";
import type { XmlNode } from "../xml-printer.js";

interface Extension {
  readonly prefix: string;
  readonly namespace: string;
}

/** The elements inside a binding that belong to a version of SOAP (WSDL 1.1 section 3; WSDL 1.1 binding for SOAP 1.2). */
export const SOAP_EXTENSIONS = {
  "1.1": { prefix: "soap", namespace: "http://schemas.xmlsoap.org/wsdl/soap/" },
  "1.2": { prefix: "soap12", namespace: "http://schemas.xmlsoap.org/wsdl/soap12/" },
} as const satisfies Record<SoapVersion, Extension>;

/** Both messages of each operation, and the one fault. */
export function messageNodes(service: Service): readonly XmlNode[] {
  const fault = faultName(service);
  return [
    ...soapOperations(service).flatMap(({ name }) => [
      message(`${name}Request`, "parameters", name),
      message(`${name}Response`, "parameters", `${name}Response`),
    ]),
    message(`${fault}Message`, "fault", fault),
  ];
}

function message(name: string, part: string, elementName: string): XmlNode {
  return {
    name: "wsdl:message",
    attributes: { name },
    children: [{ name: "wsdl:part", attributes: { name: part, element: `tns:${elementName}` } }],
  };
}

/**
 * The operations, knowing nothing of SOAP.
 * @param withActions whether the WS-Addressing action of each message is stated
 */
export function portTypeNode(service: Service, withActions: boolean): XmlNode {
  const fault = faultName(service);
  const action = (value: string): Record<string, string> => (withActions ? { "wsam:Action": value } : {});
  const operation = (each: SoapOperation): XmlNode => ({
    name: "wsdl:operation",
    attributes: { name: each.name },
    children: [
      {
        name: "wsdl:input",
        attributes: { message: `tns:${each.name}Request`, ...action(soapAction(service, each)) },
      },
      {
        name: "wsdl:output",
        attributes: { message: `tns:${each.name}Response`, ...action(replyAction(service, each)) },
      },
      {
        name: "wsdl:fault",
        attributes: { name: fault, message: `tns:${fault}Message`, ...action(faultAction(service, each)) },
      },
    ],
  });
  return {
    name: "wsdl:portType",
    attributes: { name: portTypeName(service) },
    children: soapOperations(service).map(operation),
  };
}

/**
 * How each operation is sent: its action, and literal bodies.
 * @param extensions what else is said of the binding
 */
export function bindingNode(
  service: Service,
  version: SoapVersion,
  extensions: readonly XmlNode[],
): XmlNode {
  const { prefix } = SOAP_EXTENSIONS[version];
  const fault = faultName(service);
  const literalBody = [{ name: `${prefix}:body`, attributes: { use: "literal" } }];
  const operation = (each: SoapOperation): XmlNode => ({
    name: "wsdl:operation",
    attributes: { name: each.name },
    children: [
      {
        name: `${prefix}:operation`,
        attributes: { soapAction: soapAction(service, each), style: "document" },
      },
      { name: "wsdl:input", children: literalBody },
      { name: "wsdl:output", children: literalBody },
      {
        name: "wsdl:fault",
        attributes: { name: fault },
        children: [{ name: `${prefix}:fault`, attributes: { name: fault, use: "literal" } }],
      },
    ],
  });
  return {
    name: "wsdl:binding",
    attributes: { name: soapBinding(service, version), type: `tns:${portTypeName(service)}` },
    children: [
      ...extensions,
      {
        name: `${prefix}:binding`,
        attributes: { style: "document", transport: "http://schemas.xmlsoap.org/soap/http" },
      },
      ...soapOperations(service).map(operation),
    ],
  };
}
