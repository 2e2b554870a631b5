/** The payload of a request to exact values, validated as the schema in the WSDL demands. */
import type { ArrayType, Field, FieldType, MapType, Service } from "../contract/model.js";
import {
  fieldPlace,
  partPlace,
  xsdTypeNames,
  type SoapOperation,
  type XsdTypeNames,
} from "../contract/soap-names.js";
import { joinPath } from "../errors.js";
import { newStruct, type Struct, type Value, type ValueMap } from "../values.js";
import {
  checkAttributes,
  hasText,
  unexpectedChild,
  unexpectedContent,
  type ElementRule,
} from "./element-checks.js";
import { identifyKey } from "../call/identify-key.js";
import { compileRowWrapper } from "./one-row.js";
import { scalarOf, type ScalarType } from "./scalars.js";
import { collectViolations, type Violations } from "./violations.js";
import type { XmlElement, XmlName } from "./xml/xml-reader.js";

/** Reads one element; `undefined` when something is wrong with it, which is then among the violations. */
type Reader<T extends Value = Value> = (
  element: XmlElement,
  path: string,
  violations: Violations,
) => T | undefined;

/** One element of a sequence: a field of a message, or the key or value of a map entry. */
interface Part {
  readonly xmlName: string;
  readonly source: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** Where it stands, by which its type is named. */
  readonly place: string;
}

/** The names that a contract's elements and types have. */
interface Names {
  readonly namespace: string;
  readonly typeOf: XsdTypeNames;
}

const XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema";

/** Turns one wrapper element into the inputs of `main()`, keyed by source names. */
export type Decoder = (payload: XmlElement) => Struct;

/**
 * Compiles the decoder of a service's request, once.
 *
 * Order, cardinality, names, attributes, `xsi:nil` and the written forms are those of the schema. Beyond what XML
 * Schema can say, a map key must not be repeated, and a number or moment must fit its type without being changed.
 * An absent element gives no key; `xsi:nil` gives null. A row that stands for a table becomes a table of one row.
 * @returns a function that throws GatewayError `invalid_input` with every violation, up to `maxViolations`
 */
export function createDecoder(
  service: Service,
  maxViolations: number,
  operation: SoapOperation = service.operation,
): Decoder {
  const names = { namespace: service.namespace, typeOf: xsdTypeNames(service) };
  const rule = { type: undefined, nillable: false };
  const parts = partsOf(service.operation.request.name, operation.request.fields);
  const read = withRule(compileSequence(parts, names), rule);
  const wrapRows = compileRowWrapper(service, operation);
  return (payload) => {
    const violations = collectViolations(maxViolations);
    const inputs = read(payload, "", violations);
    violations.throwIfAny();
    return wrapRows(inputs ?? newStruct());
  };
}

function partsOf(messageName: string, fields: readonly Field[]): readonly Part[] {
  return fields.map((field) => {
    const { xmlName, source, type, required } = field;
    return { xmlName, source, type, required, place: fieldPlace(messageName, field) };
  });
}

function compileElement(type: FieldType, place: string, names: Names, nillable: boolean): Reader {
  const { builtIn, name } = names.typeOf(type, place);
  const declared = { uri: builtIn ? XSD_NAMESPACE : names.namespace, local: name };
  return withRule(compileType(type, names), { type: declared, nillable });
}

function withRule<T extends Value>(read: Reader<T>, rule: ElementRule): Reader<T | null> {
  return (element, path, violations) => {
    const nil = checkAttributes(element, rule, path, violations);
    return nil ? null : read(element, path, violations);
  };
}

function compileType(type: FieldType, names: Names): Reader {
  switch (type.kind) {
    case "array":
      return compileArray(type, names);
    case "map":
      return compileMap(type, names);
    case "struct":
      return compileSequence(partsOf(type.message.name, type.message.fields), names);
    case "dynamic":
      // Only results are dynamic: the contract gives every input a type of its own.
      return (_element, path, violations) => {
        violations.add(path, "A value without a declared type cannot be sent.");
        return undefined;
      };
    default:
      return compileScalar(type);
  }
}

function compileScalar(type: ScalarType): Reader {
  const scalar = scalarOf(type);
  return (element, path, violations) => {
    const value = element.children.length > 0 ? undefined : scalar.read(element.text);
    const wrong = value === undefined ? unexpectedContent(element, scalar.expected) : scalar.check?.(value);
    if (wrong !== undefined) violations.add(path, wrong);
    return wrong === undefined ? value : undefined;
  };
}

function compileSequence(parts: readonly Part[], names: Names): Reader<Struct> {
  const readers = parts.map((part, position) => ({
    part,
    position,
    read: compileElement(part.type, part.place, names, !part.required),
  }));
  const byName = new Map(readers.map((reader) => [reader.part.xmlName, reader]));

  return (element, path, violations) => {
    const struct = newStruct();
    const seen = new Set<Part>();
    let last = -1;
    if (hasText(element)) violations.add(path, "Must not hold text beside its elements.");
    for (const child of element.children) {
      const reader = child.uri === names.namespace ? byName.get(child.local) : undefined;
      if (reader === undefined) {
        violations.add(path, unexpectedChild(child));
        continue;
      }
      const { part, position, read } = reader;
      const partPath = joinPath(path, part.source);
      if (seen.has(part)) violations.add(partPath, "Must appear only once.");
      else if (position < last) violations.add(partPath, "Must come earlier: keep the order of the WSDL.");
      seen.add(part);
      last = Math.max(last, position);
      const value = read(child, partPath, violations);
      if (value !== undefined) struct[part.source] = value;
    }
    for (const { part } of readers) {
      if (part.required && !seen.has(part)) {
        violations.add(joinPath(path, part.source), "This value is required.");
      }
    }
    return struct;
  };
}

function compileArray(type: ArrayType, names: Names): Reader<Value[]> {
  const read = compileElement(type.items, partPlace(type.name, "item"), names, false);
  const name = { uri: names.namespace, local: type.itemName };
  return (element, path, violations) => {
    const items: Value[] = [];
    for (const [index, child] of listItems(element, name, type.maxItems, path, violations).entries()) {
      const value = read(child, `${path}[${index}]`, violations);
      if (value !== undefined) items.push(value);
    }
    return items;
  };
}

function compileMap(type: MapType, names: Names): Reader<ValueMap> {
  const part = (name: "key" | "value"): Part => ({
    xmlName: name,
    source: name,
    type: type[name],
    required: true,
    place: partPlace(type.entryName, name),
  });
  const rule = { type: { uri: names.namespace, local: type.entryName }, nillable: false };
  const read = withRule(compileSequence([part("key"), part("value")], names), rule);
  const name = { uri: names.namespace, local: "entry" };
  return (element, path, violations) => {
    const map: ValueMap = new Map();
    const keys = new Set<string>();
    for (const [index, child] of listItems(element, name, type.maxItems, path, violations).entries()) {
      const entryPath = `${path}[${index}]`;
      const entry = read(child, entryPath, violations);
      const key = entry?.["key"];
      const value = entry?.["value"];
      if (key === undefined || value === undefined) continue;
      const identity = identifyKey(key);
      if (keys.has(identity)) violations.add(`${entryPath}.key`, "Must not repeat the key of another entry.");
      keys.add(identity);
      map.set(key, value);
    }
    return map;
  };
}

/** The children of a list that are its items; whatever else stands there, and items beyond the limit, are reported. */
function listItems(
  element: XmlElement,
  name: XmlName,
  maxItems: number,
  path: string,
  violations: Violations,
): readonly XmlElement[] {
  if (hasText(element)) violations.add(path, "Must not hold text beside its elements.");
  const items: XmlElement[] = [];
  for (const child of element.children) {
    if (child.local === name.local && child.uri === name.uri) items.push(child);
    else violations.add(path, unexpectedChild(child));
  }
  if (items.length <= maxItems) return items;
  violations.add(path, `Must not hold more than ${maxItems} ${name.local} elements.`);
  return items.slice(0, maxItems);
}
