/** How an attack of the list is written down: a request, and what must become of it. */
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import type { Code } from "../../../src/errors.js";
import { ENVELOPES, MEDIA_TYPES } from "../../support/messages/exchange.js";
import { NAMESPACE, type SendOptions } from "../soap-harness.js";

/** Stands in every request as a value; no reply to a refused one, and no line of the log, may have it. */
export const SECRET = "4111-1111-1111-1111";

/** `answered`: what looks like an attack is harmless, and the value that arrived is the one that was written. */
export type Outcome = Code | "VersionMismatch" | "MustUnderstand" | "answered";

export interface Attack {
  readonly name: string;
  readonly request: (soap: Dialect) => string | Uint8Array | SendOptions;
  /** Of a version by itself only where the versions differ. */
  readonly becomes: Outcome | Readonly<Record<SoapVersion, Outcome>>;
}

/** The words of one version of SOAP. */
export interface Dialect {
  readonly version: SoapVersion;
  readonly namespace: string;
  readonly mediaType: string;
  /** The attribute that says who a header is for. */
  readonly role: "actor" | "role";
  readonly next: string;
  readonly envelope: (body: string, header?: string) => string;
  /** A good envelope with a piece of it changed. */
  readonly changed: (from: string | RegExp, to: string) => string;
}

export function dialectOf(version: SoapVersion): Dialect {
  const namespace = ENVELOPES[version];
  const envelope = (body: string, header = ""): string =>
    `<s:Envelope xmlns:s="${namespace}">${header}<s:Body>${body}</s:Body></s:Envelope>`;
  return {
    version,
    namespace,
    mediaType: MEDIA_TYPES[version],
    role: version === "1.1" ? "actor" : "role",
    next: version === "1.1" ? "http://schemas.xmlsoap.org/soap/actor/next" : `${namespace}/role/next`,
    envelope,
    changed: (from, to) => envelope(payload()).replace(from, () => to),
  };
}

/** A good payload with more put into its only row. */
export function payload(afterAmount = "", beforeAmount = ""): string {
  return (
    `<Evaluate xmlns="${NAMESPACE}"><application><row><applicationId>${SECRET}</applicationId>${beforeAmount}` +
    `<requestedAmount>10.00</requestedAmount>${afterAmount}</row></application></Evaluate>`
  );
}

export function repeat(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join("");
}

/** In place of the one value that an attack is about. */
export const income = (text: string): string => payload("", `<annualIncome>${text}</annualIncome>`);
export const dependants = (text: string): string => payload("", `<dependants>${text}</dependants>`);
