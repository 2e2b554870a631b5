/** Rules about the type of a single value: its length, its digits, its written form. */
import { LONGEST_TEXT, MOST_DIGITS } from "../cobol/picture.js";
import type { FieldType } from "../contract/model.js";
import type { Breach, Rule } from "./finding.js";
import { typePlaces, type TypePlace } from "./places.js";

type Kind = FieldType["kind"];
type TypeOf<K extends Kind> = Extract<FieldType, { readonly kind: K }>;

const CICS = "https://www.ibm.com/docs/en/SSGMCP_5.6.0/applications/developing/web-services";
const LENGTHS =
  "https://www.ibm.com/support/knowledgecenter/SSGMCP_5.4.0/applications/developing/web-services";
const DIGITS = "https://www.ibm.com/docs/en/cobol-zos/6.3?topic=appendixes-compiler-limits";

/** WCF, BasicHttpBinding: `readerQuotas/@maxStringContentLength`. */
const DOT_NET_TEXT = 8192;
const DOT_NET_DIGITS = 28;
const SAP_DIGITS = 31;
const SAP_FRACTION = 14;

export const TYPE_RULES = {
  "text-length": {
    who: "CICS",
    severity: "error",
    rule: "Text needs a maxLength: without one, CICS cuts it at 255 characters or puts it into a container.",
    source: `${LENGTHS}/dfhws_variablelength.html`,
    remedy: "Give it a maxLength, or list the values there are (allowed), in the contract lock.",
    check: each("string", ({ maxLength, allowed }) =>
      maxLength === undefined && allowed === undefined ? "has no maxLength" : undefined,
    ),
  },
  "text-limit": {
    who: "CICS",
    severity: "error",
    rule: `Text of more than ${LONGEST_TEXT} characters does not become an item of a record.`,
    source: `${LENGTHS}/dfhws_variablelength.html`,
    remedy: "Give it a smaller maxLength in the contract lock.",
    check: each("string", ({ maxLength, allowed }) =>
      allowed === undefined && maxLength !== undefined && maxLength > LONGEST_TEXT
        ? `has a maxLength of ${maxLength}`
        : undefined,
    ),
  },
  "text-values": {
    who: "COBOL",
    severity: "error",
    rule:
      "The values a text may have must be different for COBOL, which pads with spaces, ends a text at X'00' and knows no " +
      "characters beyond its code page (here: ISO 8859-1).",
    source: `${LENGTHS}/dfhws_variablelength.html`,
    remedy: "Let main() use codes that a fixed-length field can hold.",
    check: each("string", ({ allowed = [] }) => {
      const wrong = allowed.filter((value) => !/^(?:[ -~\u00a0-\u00ff]*[!-~\u00a1-\u00ff])$/.test(value));
      return wrong.length === 0
        ? undefined
        : `has ${wrong.length} such value${wrong.length === 1 ? "" : "s"}`;
    }),
  },
  "decimal-digits": {
    who: "CICS",
    severity: "error",
    rule: "A decimal needs totalDigits and fractionDigits: without them, CICS assumes 18 and a default fraction.",
    source: `${CICS}/dfhws_wsdl2cobol.html`,
    remedy: "State totalDigits and fractionDigits in the contract lock, or decimal(p,s) in the artifact.",
    check: each("decimal", ({ totalDigits }) =>
      totalDigits === undefined ? "has no totalDigits" : undefined,
    ),
  },
  "decimal-limit": {
    who: "COBOL",
    severity: "error",
    rule: `A PICTURE has at most ${MOST_DIGITS} digits, unless programs are compiled with ARITH(EXTEND).`,
    source: DIGITS,
    remedy: `State a decimal of at most ${MOST_DIGITS} digits.`,
    check: each("decimal", ({ totalDigits = 0 }) =>
      totalDigits > MOST_DIGITS ? `has ${totalDigits} digits` : undefined,
    ),
  },
  "double-digits": {
    who: "CICS",
    severity: "error",
    rule:
      "A number without digits facets is COMP-2, hexadecimal on the mainframe and binary here: its last digits change, and no " +
      "decimal fraction is exact.",
    source: "https://docs.tibco.com/pub/bwdcp/4.6.0/doc/html/GUID-91BDE4E5-897E-40E2-8AB8-3200DF6940C7.html",
    remedy:
      "State totalDigits (at most 15) and fractionDigits in the contract lock, and let main() round to them.",
    check: each("double", ({ totalDigits }) =>
      totalDigits === undefined ? "has no totalDigits" : undefined,
    ),
  },
  "integer-digits": {
    who: "COBOL",
    severity: "error",
    rule: `A whole number needs totalDigits of at most ${MOST_DIGITS}: the 19th digit of 64 bits has no place in S9(18).`,
    source: DIGITS,
    remedy: `State totalDigits, at most ${MOST_DIGITS}, in the contract lock.`,
    check: each("integer", ({ totalDigits }) => {
      if (totalDigits === undefined) return "has no totalDigits";
      return totalDigits > MOST_DIGITS ? `has ${totalDigits} digits` : undefined;
    }),
  },
  "undeclared-type": {
    who: "CICS",
    severity: "error",
    rule: "Every value needs a declared type: what is not declared travels as JSON text of any length.",
    source: `${CICS}/dfhws_wsdl2cobol.html`,
    remedy:
      "Learn the type of the answer: artifact-gateway lock ARTIFACT --sample FILE --out contract.lock.json.",
    check: each("dynamic", () => "has no declared type"),
  },
  "second-fraction": {
    who: "CICS",
    severity: "warning",
    rule: "EXEC CICS CONVERTTIME reads at most three digits of a second; an answer may have six.",
    source: "CICS Transaction Server, application programming reference, EXEC CICS CONVERTTIME",
    remedy: "Cut the text before it is converted, or let main() answer in whole milliseconds.",
    check: each("datetime", (_, { direction }) =>
      direction === "reply" ? "may have microseconds" : undefined,
    ),
  },
  "net-decimal": {
    who: ".NET",
    severity: "error",
    rule: `System.Decimal has ${DOT_NET_DIGITS} digits.`,
    source: "https://learn.microsoft.com/en-us/dotnet/api/system.decimal",
    remedy: `State a decimal of at most ${DOT_NET_DIGITS} digits.`,
    check: each("decimal", ({ totalDigits = 0 }) =>
      totalDigits > DOT_NET_DIGITS ? `has ${totalDigits} digits` : undefined,
    ),
  },
  "net-text": {
    who: ".NET",
    severity: "warning",
    rule: `A WCF client refuses texts of more than ${DOT_NET_TEXT} characters until its reader quotas are raised.`,
    source: "https://learn.microsoft.com/en-us/previous-versions/dotnet/netframework-4.0/ms731325(v=vs.100)",
    remedy: "Tell .NET callers to raise maxStringContentLength, or give a smaller maxLength.",
    check: each("string", ({ maxLength = 0 }, { direction }) =>
      direction === "reply" && maxLength > DOT_NET_TEXT ? `has a maxLength of ${maxLength}` : undefined,
    ),
  },
  "sap-decimal": {
    who: "SAP",
    severity: "error",
    rule: `ABAP's DEC has ${SAP_DIGITS} digits, at most ${SAP_FRACTION} of them after the point.`,
    source:
      "https://help.sap.com/saphelp_autoid2007/helpdata/en/de/705c3c3806af06e10000000a11402f/content.htm",
    remedy: "State fewer digits, or exclude SAP callers.",
    check: (service) => [...each("decimal", sapDigits)(service), ...each("double", sapDigits)(service)],
  },
} as const satisfies Record<string, Rule>;

function sapDigits({
  totalDigits = 0,
  fractionDigits = 0,
}: TypeOf<"decimal" | "double">): string | undefined {
  return totalDigits > SAP_DIGITS || fractionDigits > SAP_FRACTION
    ? `has ${totalDigits} digits, ${fractionDigits} after the point`
    : undefined;
}

/** A check of every type of one kind; `judge` says what is wrong with one, if anything is. */
function each<K extends Kind>(
  kind: K,
  judge: (type: TypeOf<K>, place: TypePlace) => string | undefined,
): Rule["check"] {
  const isKind = (type: FieldType): type is TypeOf<K> => type.kind === kind;
  return (service) =>
    typePlaces(service).flatMap((place): Breach[] => {
      const message = isKind(place.type) ? judge(place.type, place) : undefined;
      return message === undefined ? [] : [{ path: place.path, message }];
    });
}
