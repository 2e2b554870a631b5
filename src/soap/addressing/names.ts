/** The names of WS-Addressing 1.0: Core section 3, SOAP Binding section 6. */
import { WSA } from "../../namespaces.js";
import type { FaultName } from "../fault/fault-envelope.js";

/** The prefix with which it is written here. */
export const ADDRESSING_PREFIX = "wsa";

/** Addresses that stand for no place: the connection of the request, nowhere, and a message without an id. */
export const ANONYMOUS = `${WSA}/anonymous`;
export const NONE = `${WSA}/none`;
export const UNSPECIFIED = `${WSA}/unspecified`;

/** The actions of faults that no WSDL declares. */
export const ADDRESSING_FAULT_ACTION = `${WSA}/fault`;
export const SOAP_FAULT_ACTION = `${WSA}/soap/fault`;

function fault(local: string): FaultName {
  return { uri: WSA, prefix: ADDRESSING_PREFIX, local };
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
