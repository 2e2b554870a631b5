/** What the HTTP request says it asks for: `SOAPAction` (SOAP 1.1 section 6.1.1), or `action` of the media type (RFC 3902). */
import type { Service } from "../contract/model.js";
import { soapAction, soapOperations, type SoapOperation } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";

/** The action without its quotes, which many toolkits leave out; empty when the request says nothing. */
export function unquoteAction(action: string): string {
  return action.replace(/^"(.*)"$/s, "$1");
}

/**
 * The operations that an action leaves open: it may narrow what the body decides, and never widen it.
 * @throws GatewayError `invalid_input` for an action that no operation has
 */
export function operationsNamed(action: string, service: Service): readonly SoapOperation[] {
  const named = unquoteAction(action);
  const operations = soapOperations(service);
  if (named === "") return operations;
  const found = operations.filter((operation) => soapAction(service, operation) === named);
  if (found.length === 0) throw wrongAction(service, service.operation);
  return found;
}

/** The body alone decides the operation; an action that says otherwise could fool whoever filters by it. */
export function wrongAction(service: Service, operation: SoapOperation): GatewayError {
  const action = soapAction(service, operation);
  return new GatewayError(
    "invalid_input",
    `The SOAP action is not that of the operation: send "${action}" for ${operation.name}.`,
  );
}
