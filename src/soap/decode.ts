/** The payload of a request to exact values, validated as the schema in the WSDL demands. */
import type { ArrayType, FieldType, MapType, Service } from "../contract/model.js";
import { xsdTypeName } from "../contract/soap-names.js";
import { joinPath } from "../errors.js";
import { newStruct, type Struct, type Value, type ValueMap } from "../values.js";
import { checkAttributes, hasText, quoteName, type ElementRule } from "./element-checks.js";
import { identifyKey } from "./identify-key.js";
import { scalarOf, type ScalarType } from "./scalars.js";
import { collectViolations, type Violations } from "./violations.js";
import type { XmlElement, XmlName } from "./xml-reader.js";

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
}

const XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema";

/** Turns one wrapper element into the inputs of `main()`, keyed by source names. */
export type Decoder = (payload: XmlElement) => Struct;

/**
 * Compiles the decoder of a service's request, once.
 *
 * Order, cardinality, names, attributes, `xsi:nil` and the written forms are those of the schema. Beyond what XML
 * Schema can say, a map key must not be repeated, and a number or moment must fit its type without being changed.
 * An absent element gives no key; `xsi:nil` gives null.
 * @returns a function that throws GatewayError `invalid_input` with every violation, up to `maxViolations`
 */
export function createDecoder(service: Service, maxViolations: number): Decoder {
  const { namespace, operation } = service;
  const rule = { type: undefined, nillable: false };
  const read = withRule(compileSequence(operation.request.fields, namespace), rule);
  return (payload) => {
    const violations = collectViolations(maxViolations);
    const inputs = read(payload, "", violations);
    violations.throwIfAny();
    return inputs ?? newStruct();
  };
}

function compileElement(type: FieldType, namespace: string, nillable: boolean): Reader {
  const { builtIn, name } = xsdTypeName(type);
  const declared = { uri: builtIn ? XSD_NAMESPACE : namespace, local: name };
  return withRule(compileType(type, namespace), { type: declared, nillable });
}

function withRule<T extends Value>(read: Reader<T>, rule: ElementRule): Reader<T | null> {
  return (element, path, violations) => {
    const nil = checkAttributes(element, rule, path, violations);
    return nil ? null : read(element, path, violations);
  };
}

function compileType(type: FieldType, namespace: string): Reader {
  switch (type.kind) {
    case "array":
      return compileArray(type, namespace);
    case "map":
      return compileMap(type, namespace);
    case "struct":
      return compileSequence(type.message.fields, namespace);
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
    if (value === undefined) violations.add(path, `Must be ${scalar.expected}.`);
    return value;
  };
}

function compileSequence(parts: readonly Part[], namespace: string): Reader<Struct> {
  const readers = parts.map((part, position) => ({
    part,
    position,
    read: compileElement(part.type, namespace, !part.required),
  }));
  const byName = new Map(readers.map((reader) => [reader.part.xmlName, reader]));

  return (element, path, violations) => {
    const struct = newStruct();
    const seen = new Set<Part>();
    let last = -1;
    if (hasText(element)) violations.add(path, "Must not hold text beside its elements.");
    for (const child of element.children) {
      const reader = child.uri === namespace ? byName.get(child.local) : undefined;
      if (reader === undefined) {
        violations.add(path, unexpected(child));
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

function compileArray(type: ArrayType, namespace: string): Reader<Value[]> {
  const read = compileElement(type.items, namespace, false);
  const name = { uri: namespace, local: type.itemName };
  return (element, path, violations) => {
    const items: Value[] = [];
    for (const child of listItems(element, name, type.maxItems, path, violations)) {
      const value = read(child.element, child.path, violations);
      if (value !== undefined) items.push(value);
    }
    return items;
  };
}

function compileMap(type: MapType, namespace: string): Reader<ValueMap> {
  const parts = [
    { xmlName: "key", source: "key", type: type.key, required: true },
    { xmlName: "value", source: "value", type: type.value, required: true },
  ];
  const rule = { type: { uri: namespace, local: type.entryName }, nillable: false };
  const read = withRule(compileSequence(parts, namespace), rule);
  const name = { uri: namespace, local: "entry" };
  return (element, path, violations) => {
    const map: ValueMap = new Map();
    const keys = new Set<string>();
    for (const child of listItems(element, name, type.maxItems, path, violations)) {
      const entry = read(child.element, child.path, violations);
      const key = entry?.["key"];
      const value = entry?.["value"];
      if (key === undefined || value === undefined) continue;
      const identity = identifyKey(key);
      if (keys.has(identity))
        violations.add(`${child.path}.key`, "Must not repeat the key of another entry.");
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
): readonly { readonly element: XmlElement; readonly path: string }[] {
  if (hasText(element)) violations.add(path, "Must not hold text beside its elements.");
  const items = element.children.filter((child) => child.local === name.local && child.uri === name.uri);
  for (const child of element.children) {
    if (child.local !== name.local || child.uri !== name.uri) violations.add(path, unexpected(child));
  }
  if (items.length > maxItems) {
    violations.add(path, `Must not hold more than ${maxItems} ${name.local} elements.`);
  }
  return items.slice(0, maxItems).map((item, index) => ({ element: item, path: `${path}[${index}]` }));
}

function unexpected(element: XmlElement): string {
  return `The element ${quoteName(element.local)} is not expected here: see the WSDL for names and namespace.`;
}
