/** In what SOAP 1.1 and SOAP 1.2 differ for whoever reads requests and writes replies: one table. */
import type { SoapVersion } from "../contract/soap-names.js";

export interface SoapRules {
  readonly version: SoapVersion;
  /** Namespace of the envelope. */
  readonly namespace: string;
  /** Media type of every message. */
  readonly mediaType: string;
  /** Attribute of a header block that says who it is for. */
  readonly roleAttribute: "actor" | "role";
  /** Its values that mean this service, absence included as the empty text. */
  readonly roles: ReadonlySet<string>;
  /** Written forms of `mustUnderstand`: WS-I R1013 leaves SOAP 1.1 only these two. */
  readonly booleans: ReadonlyMap<string, boolean>;
}

const DIGITS = [
  ["1", true],
  ["0", false],
] as const;

/** SOAP 1.1 section 4 with WS-I Basic Profile 1.1; SOAP 1.2 part 1, sections 2.2 and 5. */
export const SOAP_RULES = {
  "1.1": {
    version: "1.1",
    namespace: "http://schemas.xmlsoap.org/soap/envelope/",
    mediaType: "text/xml",
    roleAttribute: "actor",
    roles: new Set(["", "http://schemas.xmlsoap.org/soap/actor/next"]),
    booleans: new Map(DIGITS),
  },
  "1.2": {
    version: "1.2",
    namespace: "http://www.w3.org/2003/05/soap-envelope",
    mediaType: "application/soap+xml",
    roleAttribute: "role",
    roles: new Set([
      "",
      "http://www.w3.org/2003/05/soap-envelope/role/next",
      "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
    ]),
    booleans: new Map<string, boolean>([...DIGITS, ["true", true], ["false", false]]),
  },
} as const satisfies Record<SoapVersion, SoapRules>;

/** The headers of every reply that holds an envelope. */
export function xmlHeaders(version: SoapVersion): { readonly "Content-Type": string } {
  return { "Content-Type": `${SOAP_RULES[version].mediaType}; charset=utf-8` };
}
