/** Rules about names: what a caller's tool would cut, refuse or take for another. */
import type { Field, Message, Service } from "../contract/model.js";
import { namesInUse } from "../contract/named-types.js";
import { isReservedWord } from "../contract/reserved-words.js";
import { soapPort } from "../contract/soap-names.js";
import type { Breach, Rule } from "./finding.js";
import { messagePlaces, pathOf } from "./places.js";

const NAMES =
  "https://www.ibm.com/support/knowledgecenter/SSGMCP_5.6.0/applications/developing/web-services/dfhws_wsdl2cobol.html";

/** DFHWS2LS cuts longer names; a varying number of elements (every optional or repeated one) costs five characters more. */
const LONGEST = 28;
const LONGEST_VARYING = 23;
const LONGEST_ABAP = 30;
const LONGEST_WSDL = 255;

export const NAME_RULES = {
  "name-characters": {
    who: "CICS",
    severity: "error",
    rule: "An element name has letters and digits alone, a letter first: everything else becomes an X in COBOL.",
    source: NAMES,
    remedy: "State another xmlName in the contract lock.",
    check: eachField(({ xmlName }) =>
      /^[A-Za-z][A-Za-z0-9]*$/.test(xmlName) ? undefined : `is called ${xmlName}`,
    ),
  },
  "name-unique": {
    who: "CICS",
    severity: "error",
    rule: "Names in one record must differ, whatever their case, after the cut: else CICS appends digits to one of them.",
    source: NAMES,
    remedy: "State another xmlName in the contract lock.",
    check: (service) => messagePlaces(service).flatMap(({ path, message }) => sameNames(path, message)),
  },
  "name-cut": {
    who: "CICS",
    severity: "warning",
    rule: `CICS cuts names at ${LONGEST} characters, and at ${LONGEST_VARYING} those of optional elements.`,
    source: NAMES,
    remedy: "Nothing breaks; state a shorter xmlName in a new contract lock if the name should be whole.",
    check: eachField((field) => {
      const name = cutName(field);
      return name === field.xmlName ? undefined : `is cut to ${name}`;
    }),
  },
  "name-reserved": {
    who: "COBOL",
    severity: "warning",
    rule: "A reserved word of COBOL, Java or C# gets a prefix or an underscore from their tools.",
    source: NAMES,
    remedy: "State another xmlName in the contract lock.",
    check: eachField(({ xmlName }) => (isReservedWord(xmlName) ? `is called ${xmlName}` : undefined)),
  },
  "sap-name": {
    who: "SAP",
    severity: "warning",
    rule: `ABAP proxies cut names at ${LONGEST_ABAP} characters and list what they cut under "Name conflicts".`,
    source:
      "https://help.sap.com/saphelp_snc700_ehp04/helpdata/en/b3/96bcc5a5e3457a84e907c371e88fcb/content.htm",
    remedy:
      "Nothing breaks while names differ in what is left; correct the ABAP names where the list shows one.",
    check: (service) => [
      ...eachField(({ xmlName }) => tooLong(xmlName, LONGEST_ABAP))(service),
      ...eachTypeName((name) => tooLong(name, LONGEST_ABAP))(service),
    ],
  },
  "array-of": {
    who: ".NET",
    severity: "error",
    rule: "No type name begins with ArrayOf (WS-I Basic Profile 1.1, R2112): .NET takes such a type for a SOAP array.",
    source: "http://www.ws-i.org/Profiles/BasicProfile-1.1.html",
    remedy: "State another type name in the contract lock.",
    check: eachTypeName((name) => (/^ArrayOf/i.test(name) ? `type ${name}` : undefined)),
  },
  "type-case": {
    who: ".NET",
    severity: "error",
    rule: "Type names must differ in more than case: Visual Basic and Windows file names know none.",
    source: "https://learn.microsoft.com/en-us/dotnet/standard/design-guidelines/capitalization-conventions",
    remedy: "State another type name in the contract lock.",
    check: (service) => {
      const seen = new Map<string, string>();
      return namesInUse(service).flatMap((name): Breach[] => {
        const other = seen.get(name.toLowerCase());
        seen.set(name.toLowerCase(), name);
        return other === undefined ? [] : [{ path: "", message: `types ${other} and ${name}` }];
      });
    },
  },
  "wsdl-name": {
    who: "CICS",
    severity: "error",
    rule: `Operation, binding and part names have at most ${LONGEST_WSDL} characters.`,
    source:
      "https://www.ibm.com/support/knowledgecenter/SSGMCP_5.3.0/com.ibm.cics.ts.applicationprogramming.doc/datamapping/dfhws_hllxml_limitations.html",
    remedy: "Give the artifact a shorter alias.",
    check: (service) => {
      // The longest of the names that the WSDL makes from the alias.
      const { length } = soapPort(service).replace(/Port$/, "Binding");
      return length > LONGEST_WSDL
        ? [{ path: "", message: `the binding's name has ${length} characters` }]
        : [];
    },
  },
} as const satisfies Record<string, Rule>;

function cutName({ xmlName, required }: Field): string {
  return xmlName.slice(0, required ? LONGEST : LONGEST_VARYING);
}

function tooLong(name: string, longest: number): string | undefined {
  return name.length > longest ? `${name} has ${name.length} characters` : undefined;
}

function sameNames(path: string, { fields }: Message): Breach[] {
  const seen = new Map<string, Field>();
  return fields.flatMap((field): Breach[] => {
    const name = cutName(field).toLowerCase();
    const other = seen.get(name);
    seen.set(name, field);
    if (other === undefined) return [];
    return [{ path: pathOf(path, field), message: `has the name of ${pathOf(path, other)}` }];
  });
}

function eachField(judge: (field: Field) => string | undefined): Rule["check"] {
  return (service: Service) =>
    messagePlaces(service).flatMap(({ path, message }) =>
      message.fields.flatMap((field): Breach[] => {
        const found = judge(field);
        return found === undefined ? [] : [{ path: pathOf(path, field), message: found }];
      }),
    );
}

function eachTypeName(judge: (name: string) => string | undefined): Rule["check"] {
  return (service: Service) =>
    namesInUse(service).flatMap((name): Breach[] => {
      const found = judge(name);
      return found === undefined ? [] : [{ path: "", message: found }];
    });
}
