/** The names of WS-Addressing 1.0: Core section 3, SOAP Binding section 6. */
import type { FaultName } from "../fault/fault-envelope.js";

export const ADDRESSING_NAMESPACE = "http://www.w3.org/2005/08/addressing";

/** The prefix with which it is written here. */
export const ADDRESSING_PREFIX = "wsa";

/** Addresses that stand for no place: the connection of the request, nowhere, and a message without an id. */
export const ANONYMOUS = `${ADDRESSING_NAMESPACE}/anonymous`;
export const NONE = `${ADDRESSING_NAMESPACE}/none`;
export const UNSPECIFIED = `${ADDRESSING_NAMESPACE}/unspecified`;

/** The actions of faults that no WSDL declares. */
export const ADDRESSING_FAULT_ACTION = `${ADDRESSING_NAMESPACE}/fault`;
export const SOAP_FAULT_ACTION = `${ADDRESSING_NAMESPACE}/soap/fault`;

function fault(local: string): FaultName {
  return { uri: ADDRESSING_NAMESPACE, prefix: ADDRESSING_PREFIX, local };
}

/** SOAP Binding section 6.4. */
export const ADDRESSING_FAULTS = {
  invalidHeader: fault("InvalidAddressingHeader"),
  headerRequired: fault("MessageAddressingHeaderRequired"),
  actionNotSupported: fault("ActionNotSupported"),
  invalidAddress: fault("InvalidAddress"),
  invalidEndpoint: fault("InvalidEPR"),
  invalidCardinality: fault("InvalidCardinality"),
  missingAddress: fault("MissingAddressInEPR"),
  actionMismatch: fault("ActionMismatch"),
  onlyAnonymous: fault("OnlyAnonymousAddressSupported"),
} as const satisfies Record<string, FaultName>;
