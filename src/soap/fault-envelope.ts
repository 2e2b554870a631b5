/** A fault in the envelope of each version (SOAP 1.1 section 4.4; SOAP 1.2 part 1 section 5.4). */
import type { SoapVersion } from "../contract/soap-names.js";
import { element } from "../xml-printer.js";
import { SOAP_RULES } from "./rules.js";

/** The words of SOAP 1.1. */
export type FaultCode = "Client" | "Server" | "VersionMismatch" | "MustUnderstand";

/** The parts of a fault, as XML where they have any. */
export interface FaultParts {
  readonly code: FaultCode;
  readonly reason: string;
  /** Empty: the fault has none. */
  readonly detail: string;
  /** The blocks of the header; empty: the message has none. */
  readonly headerBlocks: string;
  /** Whether a header says that SOAP 1.2 is what is understood here (SOAP 1.2 part 1, section 5.4.7). */
  readonly offersSoap12: boolean;
}

/** The words of SOAP 1.2 (part 1, section 5.4.6). */
const SOAP12_CODES = {
  Client: "Sender",
  Server: "Receiver",
  VersionMismatch: "VersionMismatch",
  MustUnderstand: "MustUnderstand",
} as const satisfies Record<FaultCode, string>;

const SOAP12_NAMESPACE = SOAP_RULES["1.2"].namespace;

/** Prints the whole message, for UTF-8. */
export const FAULT_PRINTERS = {
  "1.1": (parts) =>
    printEnvelope(
      "1.1",
      parts,
      element("faultcode", `soapenv:${parts.code}`) +
        element("faultstring", parts.reason) +
        (parts.detail === "" ? "" : element("detail", parts.detail)),
    ),
  "1.2": (parts) =>
    printEnvelope(
      "1.2",
      parts,
      element("soapenv:Code", element("soapenv:Value", `soapenv:${SOAP12_CODES[parts.code]}`)) +
        element("soapenv:Reason", element("soapenv:Text", parts.reason, { "xml:lang": "en" })) +
        (parts.detail === "" ? "" : element("soapenv:Detail", parts.detail)),
    ),
} as const satisfies Record<SoapVersion, (parts: FaultParts) => string>;

function printEnvelope(
  version: SoapVersion,
  { headerBlocks, offersSoap12 }: FaultParts,
  fault: string,
): string {
  const blocks = offersSoap12 ? UPGRADE + headerBlocks : headerBlocks;
  const header = blocks === "" ? "" : element("soapenv:Header", blocks);
  const body = element("soapenv:Body", element("soapenv:Fault", fault));
  const { namespace } = SOAP_RULES[version];
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    element("soapenv:Envelope", header + body, { "xmlns:soapenv": namespace })
  );
}

const UPGRADE = element(
  "upgrade:Upgrade",
  element("upgrade:SupportedEnvelope", "", { qname: "upgrade:Envelope" }),
  { "xmlns:upgrade": SOAP12_NAMESPACE },
);
