/**
 * The WS-Addressing actions of a service. That of a request is its SOAPAction (WS-Addressing 1.0 Metadata, section 4.4.1),
 * those of what comes back are what section 4.4.4 derives from the names in the WSDL: toolkits that are given the WSDL without
 * policy expect exactly these.
 */
import type { Service } from "./model.js";
import { faultName, portTypeName } from "./soap-names.js";

/** `urn:…:v1:CreditDecisionPortType:EvaluateResponse`. */
export function replyAction(service: Service, operation: { readonly name: string }): string {
  return join(service, `${operation.name}Response`);
}

/** `urn:…:v1:CreditDecisionPortType:Evaluate:Fault:EvaluateFault`, of a fault that carries the declared detail. */
export function faultAction(service: Service, operation: { readonly name: string }): string {
  return join(service, operation.name, "Fault", faultName(service));
}

/** The delimiter of a namespace that is a URN is a colon, of any other a slash that it may already end in. */
function join(service: Service, ...names: readonly string[]): string {
  const { namespace } = service;
  const delimiter = namespace.startsWith("urn:") ? ":" : "/";
  return [namespace.replace(/\/$/, ""), portTypeName(service), ...names].join(delimiter);
}
