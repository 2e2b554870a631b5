/**
 * The rules of the WS-I Basic Profile 1.1 for descriptions that a document-literal WSDL with one inline schema can break, each
 * with the number of its requirement. For SOAP 1.2 they are those of Basic Profile 2.0, which says the same.
 */
import { XmlAttribute, XmlDocument, XmlElement } from "libxml2-wasm";
import type { SoapVersion } from "../../src/contract/soap-names.js";

const SOAP_NAMESPACES = {
  "1.1": "http://schemas.xmlsoap.org/wsdl/soap/",
  "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/",
} as const satisfies Record<SoapVersion, string>;

const WSDL = "http://schemas.xmlsoap.org/wsdl/";
const HTTP_TRANSPORT = "http://schemas.xmlsoap.org/soap/http";

/** A document to judge. */
interface Description {
  readonly text: string;
  elements(path: string): readonly XmlElement[];
  values(path: string): readonly string[];
}

interface Rule {
  readonly id: string;
  readonly says: string;
  /** What breaks it, in words or names; empty when nothing does. */
  readonly broken: (wsdl: Description) => readonly string[];
}

export const WS_I_RULES: readonly Rule[] = [
  {
    id: "R4003",
    says: "The encoding is UTF-8 or UTF-16.",
    broken: ({ text }) => (/^<\?xml version="1\.0" encoding="UTF-(8|16)"\?>/.test(text) ? [] : ["the XML declaration"]),
  },
  {
    id: "R4005",
    says: "The namespace of the prefix xml is not declared.",
    broken: ({ text }) => text.match(/xmlns:xml\s*=/g) ?? [],
  },
  {
    id: "R2023",
    says: "The types come before everything but documentation and imports.",
    broken: (wsdl) =>
      names(wsdl.elements("/w:definitions/w:types/preceding-sibling::*[not(self::w:documentation or self::w:import)]")),
  },
  {
    id: "R2105",
    says: "Every schema has a target namespace.",
    broken: (wsdl) => names(wsdl.elements("//x:schema[not(@targetNamespace) or @targetNamespace='']")),
  },
  {
    id: "R2110",
    says: "No type is derived from soapenc:Array.",
    broken: (wsdl) => wsdl.values("//x:*/@base[contains(., ':Array')] | //x:*/@type[substring-after(., ':')='Array']"),
  },
  {
    id: "R2111",
    says: "wsdl:arrayType is not used.",
    broken: (wsdl) => wsdl.values("//@w:arrayType"),
  },
  {
    id: "R2112",
    says: "No name follows the convention ArrayOfXXX.",
    broken: (wsdl) => wsdl.values("//x:*/@name[starts-with(., 'ArrayOf')]"),
  },
  {
    id: "R2101",
    says: "Every type that is referred to is declared.",
    broken: (wsdl) => unresolved(wsdl, "//x:*/@type | //x:*/@base", "//x:complexType/@name | //x:simpleType/@name"),
  },
  {
    id: "R2206",
    says: "Every part of a message refers to an element that is declared.",
    broken: (wsdl) => unresolved(wsdl, "//w:part/@element", "//x:schema/x:element/@name"),
  },
  {
    id: "R2204",
    says: "The parts of document-literal messages are elements.",
    broken: (wsdl) => names(wsdl.elements("//w:part[not(@element) or @type]")),
  },
  {
    id: "R2201",
    says: "A body has at most one part.",
    broken: (wsdl) => names(wsdl.elements("//w:message[count(w:part) > 1]")),
  },
  {
    id: "R2304",
    says: "No two operations of a port type have one name.",
    broken: (wsdl) => repeated(wsdl.values("//w:portType/w:operation/@name")),
  },
  {
    id: "R2710",
    says: "No two operations have one wire signature.",
    broken: (wsdl) => {
      const elements = new Map(
        wsdl.elements("//w:message").map((message) => [
          attribute(message, "name"),
          wsdl.values(`//w:message[@name='${attribute(message, "name")}']/w:part/@element`).join(" "),
        ]),
      );
      const inputs = wsdl.values("//w:portType/w:operation/w:input/@message").map(localName);
      return repeated(inputs.map((name) => elements.get(name) ?? name));
    },
  },
  {
    id: "R2718",
    says: "A binding has the operations of its port type.",
    broken: (wsdl) => {
      const declared = wsdl.values("//w:portType/w:operation/@name").toSorted().join(" ");
      const bound = wsdl.values("//w:binding/w:operation/@name").toSorted().join(" ");
      return declared === bound ? [] : [`${declared} / ${bound}`];
    },
  },
  {
    id: "R2701",
    says: "A binding is a SOAP binding of its version.",
    broken: (wsdl) => names(wsdl.elements("//w:binding[count(s:binding) != 1]")),
  },
  {
    id: "R2702",
    says: "The transport is HTTP.",
    broken: (wsdl) => wsdl.values("//s:binding/@transport").filter((transport) => transport !== HTTP_TRANSPORT),
  },
  {
    id: "R2705",
    says: "Every operation is of the style document.",
    broken: (wsdl) => [
      ...names(wsdl.elements("//s:binding[@style and @style != 'document']")),
      ...names(wsdl.elements("//s:operation[@style and @style != 'document']")),
    ],
  },
  {
    id: "R2706",
    says: "Every body and fault is literal.",
    broken: (wsdl) => names(wsdl.elements("//*[self::s:body or self::s:fault][@use and @use != 'literal']")),
  },
  {
    id: "R2716",
    says: "Bodies and faults of document-literal bindings have no namespace attribute.",
    broken: (wsdl) => wsdl.values("//s:body/@namespace | //s:fault/@namespace"),
  },
  {
    id: "R2721",
    says: "Every soap:fault has a name.",
    broken: (wsdl) => names(wsdl.elements("//s:fault[not(@name)]")),
  },
  {
    id: "R2754",
    says: "A soap:fault is called as the wsdl:fault around it.",
    broken: (wsdl) => wsdl.values("//s:fault[@name != ../@name]/@name"),
  },
  {
    id: "R2740",
    says: "A binding describes the faults of its port type.",
    broken: (wsdl) => {
      const declared = wsdl.values("//w:portType/w:operation/w:fault/@name").toSorted().join(" ");
      const bound = wsdl.values("//w:binding/w:operation/w:fault/@name").toSorted().join(" ");
      return declared === bound ? [] : [`${declared} / ${bound}`];
    },
  },
  {
    id: "R2026",
    says: "wsdl:required is not used.",
    broken: (wsdl) => wsdl.values("//@w:required"),
  },
  {
    id: "R2711",
    says: "No two ports share an address.",
    broken: (wsdl) => repeated(wsdl.values("//w:port/s:address/@location")),
  },
];

/** The rules that a document breaks: `R2112: ArrayOfRows`. */
export function wsIViolations(text: string, version: SoapVersion = "1.1"): readonly string[] {
  const document = XmlDocument.fromString(text);
  const prefixes = { w: WSDL, s: SOAP_NAMESPACES[version], x: "http://www.w3.org/2001/XMLSchema" };
  const description: Description = {
    text,
    elements: (path) => document.find(path, prefixes).filter((node) => node instanceof XmlElement),
    values: (path) =>
      document
        .find(path, prefixes)
        .filter((node) => node instanceof XmlAttribute)
        .map(({ value }) => value),
  };
  try {
    return WS_I_RULES.flatMap(({ id, broken }) => broken(description).map((what) => `${id}: ${what}`));
  } finally {
    document.dispose();
  }
}

/** References into the document's own namespace that lead nowhere. */
function unresolved(wsdl: Description, references: string, declarations: string): readonly string[] {
  const declared = new Set(wsdl.values(declarations).map((name) => `tns:${name}`));
  return wsdl.values(references).filter((name) => !name.startsWith("xsd:") && !declared.has(name));
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function names(elements: readonly XmlElement[]): readonly string[] {
  return elements.map((element) => attribute(element, "name") || element.name);
}

function attribute(element: XmlElement, name: string): string {
  return element.attr(name)?.value ?? "";
}

function localName(name: string): string {
  return name.replace(/^.*:/, "");
}
