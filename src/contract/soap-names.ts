/** The names that the WSDL declares and the SOAP endpoint must use alike. */
import type { Bounds, FieldType, Message, Operation, Service, SingleOperation } from "./model.js";
import { namedTypes, namesInUse } from "./named-types.js";

/** The SOAPAction of an operation, without quotes: `urn:…:v1:Evaluate`. */
export function soapAction(
  service: Service,
  { name }: { readonly name: string } = service.operation,
): string {
  return `${service.namespace}:${name}`;
}

/** Versions of SOAP. Each has an endpoint and a WSDL of its own: tools that know one stumble over the other. */
export const SOAP_VERSIONS = ["1.1", "1.2"] as const;
export type SoapVersion = (typeof SOAP_VERSIONS)[number];

const INFIXES = { "1.1": "Soap", "1.2": "Soap12" } as const satisfies Record<SoapVersion, string>;

/** Where a service answers a version of SOAP: `/soap/{alias}/v{major}` or `/soap12/{alias}/v{major}`. */
export function soapVersionPath(service: Service, version: SoapVersion): string {
  return `/${INFIXES[version].toLowerCase()}/${service.alias}/v${service.major}`;
}

/** The WSDL port of a version of SOAP: `CreditDecisionSoapPort`. */
export function soapPort(service: Service, version: SoapVersion = "1.1"): string {
  return `${baseName(service)}${INFIXES[version]}Port`;
}

/** The WSDL binding of a version of SOAP: `CreditDecisionSoapBinding`. */
export function soapBinding(service: Service, version: SoapVersion = "1.1"): string {
  return `${baseName(service)}${INFIXES[version]}Binding`;
}

/** `CreditDecisionPortType`. */
export function portTypeName(service: Service): string {
  return `${baseName(service)}PortType`;
}

function baseName(service: Service): string {
  return service.name.replace(/Service$/, "");
}

/** What callers can ask for over SOAP: `Evaluate`, and `EvaluateOne` where the contract has it. */
export function soapOperations({ operation, single }: Service): readonly SoapOperation[] {
  return single === undefined ? [operation] : [operation, single];
}

/** One of the operations: the element that asks for it is called as itself, the one that answers as its response. */
export type SoapOperation = Operation | SingleOperation;

/** Element and type of the fault detail: `EvaluateFault`. */
export function faultName(service: Service): string {
  return `${service.operation.name}Fault`;
}

export interface XsdTypeName {
  /** True: of XML Schema itself; false: declared in the service's own namespace. */
  readonly builtIn: boolean;
  readonly name: string;
}

/**
 * The XML Schema type of what stands at a place.
 * @param place as `placeOf` names it; counts for types that no other place shares
 */
export type XsdTypeNames = (type: FieldType, place: string) => XsdTypeName;

/** A field of a record, by the name of the record: `ApplicationRow.status`. */
export function fieldPlace(messageName: string, { xmlName }: { readonly xmlName: string }): string {
  return `${messageName}.${xmlName}`;
}

/** The elements of a list, or the keys or values of a map: `ApplicationRowTagsEntry.key`. */
export function partPlace(typeName: string, part: "item" | "key" | "value"): string {
  return `${typeName}.${part}`;
}

/**
 * The names of a contract's types in XML Schema. Simple types with equal length or digits share one, named by its shape:
 * `string40`, `decimal15x2`. Those with values or bounds of their own are named by their place, so that a change to one
 * column changes no other. They start with a small letter, and no two names of a schema are equal ignoring case:
 * compilers make classes of them.
 */
export function xsdTypeNames(service: Service): XsdTypeNames {
  const { name: operation } = service.operation;
  const elements = [operation, `${operation}One`, `${operation}OneResponse`, faultName(service)];
  const taken = new Set([...namesInUse(service), ...elements].map((name) => name.toLowerCase()));
  const declared = new Map<string, XsdTypeName>();
  const nameOf: XsdTypeNames = (type, place) => {
    const { name, of } = identify(type, place);
    if (of === "schema") return { builtIn: true, name };
    if (of === "contract") return { builtIn: false, name };
    const known = declared.get(name);
    if (known !== undefined) return known;
    const given = { builtIn: false, name: unique(plainName(name), taken) };
    declared.set(name, given);
    return given;
  };
  // All of them now, in the order of the contract, so that names do not depend on who asks for which first.
  const { request, response } = service.operation;
  const visit = (message: Message): void => {
    for (const field of message.fields) nameOf(field.type, fieldPlace(message.name, field));
  };
  visit(request);
  visit(response);
  for (const named of namedTypes(service)) {
    if (named.kind === "record") visit(named.message);
    else if (named.kind === "list") nameOf(named.type.items, partPlace(named.type.name, "item"));
    else {
      nameOf(named.type.key, partPlace(named.type.entryName, "key"));
      nameOf(named.type.value, partPlace(named.type.entryName, "value"));
    }
  }
  return nameOf;
}

interface Identity {
  readonly name: string;
  /** Who gives the name: XML Schema, the contract, or this file to a shape or a place. */
  readonly of: "schema" | "contract" | "shape" | "place";
}

function identify(type: FieldType, place: string): Identity {
  switch (type.kind) {
    case "string":
      if (type.allowed !== undefined) return { name: place, of: "place" };
      return type.maxLength === undefined ? builtIn("string") : shape(`string${type.maxLength}`);
    case "dynamic":
      return builtIn("string");
    case "boolean":
      return builtIn("boolean");
    case "double":
      return isBounded(type) ? { name: place, of: "place" } : digitsShape(type, "double");
    case "integer":
      if (isBounded(type)) return { name: place, of: "place" };
      return type.totalDigits === undefined ? builtIn("long") : shape(`integer${type.totalDigits}`);
    case "decimal":
      return isBounded(type) ? { name: place, of: "place" } : digitsShape(type, "decimal");
    case "datetime":
      return shape("timestamp");
    case "date":
      return shape("calendarDate");
    case "array":
    case "map":
      return { name: type.name, of: "contract" };
    case "struct":
      return { name: type.message.name, of: "contract" };
  }
}

function digitsShape(
  { totalDigits, fractionDigits }: Extract<FieldType, { kind: "double" | "decimal" }>,
  otherwise: string,
): Identity {
  return totalDigits === undefined || fractionDigits === undefined
    ? builtIn(otherwise)
    : shape(`decimal${totalDigits}x${fractionDigits}`);
}

function isBounded({ minimum, maximum }: Bounds): boolean {
  return minimum !== undefined || maximum !== undefined;
}

function builtIn(name: string): Identity {
  return { name, of: "schema" };
}

function shape(name: string): Identity {
  return { name, of: "shape" };
}

/** `ApplicationRow.status` -> `applicationRowStatus`. */
function plainName(name: string): string {
  const joined = name.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase());
  return joined.slice(0, 1).toLowerCase() + joined.slice(1);
}

function unique(wish: string, taken: Set<string>): string {
  let name = wish;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${wish}N${count}`;
  taken.add(name.toLowerCase());
  return name;
}
