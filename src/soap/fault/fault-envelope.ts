/** A fault in the envelope of each version (SOAP 1.1 section 4.4; SOAP 1.2 part 1 section 5.4). */
import type { SoapVersion } from "../../contract/soap-names.js";
import { element } from "../../xml-printer.js";
import { SOAP_RULES } from "../rules.js";
import type { XmlName } from "../xml/xml-reader.js";

/** The words of SOAP 1.1. */
export type FaultCode = "Client" | "Server" | "VersionMismatch" | "MustUnderstand";

/** A word of another specification for what SOAP's own words leave open. */
export interface FaultName extends XmlName {
  /** The prefix with which it is written. */
  readonly prefix: string;
}

/** The parts of a fault, as XML where they have any. */
export interface FaultParts {
  readonly code: FaultCode;
  /** From the general to the exact; empty: the code says enough. */
  readonly subcodes: readonly FaultName[];
  readonly reason: string;
  /** Empty: the fault has none. */
  readonly detail: string;
  /** The blocks of the header; empty: the message has none. */
  readonly headerBlocks: string;
  /** The header blocks that must have been understood and were not; empty where that is not the fault. */
  readonly notUnderstood: readonly XmlName[];
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
      printName("faultcode", parts.subcodes.at(-1), `soapenv:${parts.code}`) +
        element("faultstring", parts.reason) +
        (parts.detail === "" ? "" : element("detail", parts.detail)),
    ),
  "1.2": (parts) =>
    printEnvelope(
      "1.2",
      parts,
      element(
        "soapenv:Code",
        element("soapenv:Value", `soapenv:${SOAP12_CODES[parts.code]}`) + printSubcodes(parts.subcodes),
      ) +
        element("soapenv:Reason", element("soapenv:Text", parts.reason, { "xml:lang": "en" })) +
        (parts.detail === "" ? "" : element("soapenv:Detail", parts.detail)),
    ),
} as const satisfies Record<SoapVersion, (parts: FaultParts) => string>;

function printEnvelope(
  version: SoapVersion,
  { headerBlocks, notUnderstood, offersSoap12 }: FaultParts,
  fault: string,
): string {
  // SOAP 1.1 has no block for what was not understood, and nobody there would know it.
  const unknown = version === "1.1" ? "" : notUnderstood.map(printNotUnderstood).join("");
  const blocks = (offersSoap12 ? UPGRADE : "") + unknown + headerBlocks;
  const header = blocks === "" ? "" : element("soapenv:Header", blocks);
  const body = element("soapenv:Body", element("soapenv:Fault", fault));
  const { namespace } = SOAP_RULES[version];
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    element("soapenv:Envelope", header + body, { "xmlns:soapenv": namespace })
  );
}

/** Each inside the one before it. */
function printSubcodes([first, ...rest]: readonly FaultName[]): string {
  if (first === undefined) return "";
  return element("soapenv:Subcode", printName("soapenv:Value", first) + printSubcodes(rest));
}

/** An element whose text is a qualified name; its prefix is declared where it is used. */
function printName(elementName: string, name: FaultName | undefined, otherwise = ""): string {
  if (name === undefined) return element(elementName, otherwise);
  const { prefix, uri, local } = name;
  return element(elementName, `${prefix}:${local}`, { [`xmlns:${prefix}`]: uri });
}

/** SOAP 1.2 part 1, section 5.4.8. */
function printNotUnderstood({ uri, local }: XmlName): string {
  const attributes = uri === "" ? { qname: local } : { qname: `h:${local}`, "xmlns:h": uri };
  return element("soapenv:NotUnderstood", "", attributes);
}

const UPGRADE = element(
  "upgrade:Upgrade",
  element("upgrade:SupportedEnvelope", "", { qname: "upgrade:Envelope" }),
  { "xmlns:upgrade": SOAP12_NAMESPACE },
);
