/**
 * The WSDL 1.1 document of a service: document-literal wrapped, SOAP over HTTP, one inline schema, one namespace (WS-I
 * Basic Profile 1.1). Pure: the same service, address and version give the same bytes.
 */
import type { Service } from "../contract/model.js";
import { soapBinding, soapPort, type SoapVersion } from "../contract/soap-names.js";
import { printDocument } from "../xml-printer.js";
import { bindingNode, messageNodes, portTypeNode, SOAP_EXTENSIONS } from "./bindings.js";
import { describeService, documentation } from "./documentation.js";
import { POLICY_PREFIXES, policyNode, policyReference, type PublicPolicy } from "./policy.js";
import { schemaNode, schemaPrefixes } from "./schema.js";

/**
 * @param address the URL under which callers reach the service; never taken from a request
 * @param version of SOAP: each has a document of its own, as WS-I and the tools of callers want it
 * @param policy given, the variant with policy assertions and addressing actions; else the plain document
 * @returns UTF-8 text, ending in a line feed
 */
export function generateWsdl(
  service: Service,
  address: string,
  version: SoapVersion = "1.1",
  policy?: PublicPolicy,
): string {
  const { prefix, namespace } = SOAP_EXTENSIONS[version];
  const policyId = `${soapBinding(service, version)}Policy`;
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
      ...schemaPrefixes(service),
      ...(policy === undefined ? {} : POLICY_PREFIXES),
    },
    children: [
      documentation("wsdl:documentation", describeService(service)),
      ...(policy === undefined ? [] : [policyNode(policyId, policy, address.startsWith("https:"))]),
      { name: "wsdl:types", children: [schemaNode(service)] },
      ...messageNodes(service),
      portTypeNode(service, policy !== undefined),
      bindingNode(service, version, policy === undefined ? [] : [policyReference(policyId)]),
      { name: "wsdl:service", attributes: { name: service.name }, children: [port] },
    ],
  });
}
