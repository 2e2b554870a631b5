/**
 * What `buf breaking` with the rules WIRE_JSON says about two versions of the generated proto, worked out from the contracts: the
 * rules that a generated file can break, in buf's own names. Types are matched by name and fields by number, as buf does, and
 * nothing but the descriptor counts.
 */
import type { Message, Service } from "../contract/model.js";
import { namedTypes } from "../contract/named-types.js";
import { buildProtoFile } from "../proto/build-proto-file.js";
import { jsonName, mapEntryName, type ProtoField } from "../proto/model.js";

export const DESCRIPTOR_RULES = [
  "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
  "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
  "FIELD_SAME_JSON_NAME",
  "FIELD_SAME_NAME",
  "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
  "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
  "RESERVED_MESSAGE_NO_DELETE",
  "RPC_SAME_REQUEST_TYPE",
  "RPC_SAME_RESPONSE_TYPE",
] as const;
export type DescriptorRule = (typeof DESCRIPTOR_RULES)[number];

export interface DescriptorFinding {
  readonly rule: DescriptorRule;
  /** The message, without its package; the entries of a `map<K, V>` as `ApplicationRow.TagsEntry`. */
  readonly message: string;
  /** Number of the field; absent when the message as a whole is meant. */
  readonly number?: number;
}

/** Empty when buf would find nothing. Between two packages, as between two majors, nothing is compared. */
export function descriptorFindings(before: Service, after: Service): readonly DescriptorFinding[] {
  if (before.protoPackage !== after.protoPackage) return [];
  const findings: DescriptorFinding[] = [];
  const [was, is] = [before.operation, after.operation];
  if (was.request.name !== is.request.name) {
    findings.push({ rule: "RPC_SAME_REQUEST_TYPE", message: was.request.name });
  }
  if (was.response.name !== is.response.name) {
    findings.push({ rule: "RPC_SAME_RESPONSE_TYPE", message: was.response.name });
  }
  const current = descriptorMessages(after);
  for (const [name, message] of descriptorMessages(before)) {
    const other = current.get(name);
    if (other !== undefined) findings.push(...compareDescriptors(name, message, other));
  }
  return findings;
}

/** A field as a descriptor has it: a map is a list of entries. */
interface DescriptorField {
  readonly name: string;
  readonly type: string;
  readonly cardinality: "singular" | "repeated" | "map";
}

interface DescriptorMessage {
  /** By number. */
  readonly fields: ReadonlyMap<number, DescriptorField>;
  readonly reserved: Message["reserved"];
}

function descriptorMessages(service: Service): ReadonlyMap<string, DescriptorMessage> {
  const reserved = new Map<string, Message["reserved"]>();
  const { request, response } = service.operation;
  for (const { name, reserved: fields } of [request, response]) reserved.set(name, fields);
  for (const named of namedTypes(service)) {
    if (named.kind === "record") reserved.set(named.message.name, named.message.reserved);
  }
  const found = new Map<string, DescriptorMessage>();
  for (const { name, fields } of buildProtoFile(service).messages) {
    const byNumber = fields.map((field) => [field.number, descriptorField(field, name)] as const);
    found.set(name, { fields: new Map(byNumber), reserved: reserved.get(name) ?? [] });
    for (const field of fields) {
      if (field.shape.kind !== "map") continue;
      const key: DescriptorField = { name: "key", type: field.shape.key, cardinality: "singular" };
      const value: DescriptorField = { name: "value", type: field.shape.value.name, cardinality: "singular" };
      const entry = new Map([
        [1, key],
        [2, value],
      ]);
      found.set(`${name}.${mapEntryName(field.name)}`, { fields: entry, reserved: [] });
    }
  }
  return found;
}

function descriptorField({ name, shape }: ProtoField, owner: string): DescriptorField {
  switch (shape.kind) {
    case "one":
      return { name, type: shape.element.name, cardinality: "singular" };
    case "many":
      return { name, type: shape.element.name, cardinality: "repeated" };
    case "map":
      return { name, type: `${owner}.${mapEntryName(name)}`, cardinality: "map" };
  }
}

function compareDescriptors(
  message: string,
  before: DescriptorMessage,
  after: DescriptorMessage,
): DescriptorFinding[] {
  const findings: DescriptorFinding[] = [];
  const numbers = new Set(after.reserved.map(({ number }) => number));
  const names = new Set(after.reserved.map(({ protoName }) => protoName));
  for (const [number, was] of before.fields) {
    const is = after.fields.get(number);
    const rules = is === undefined ? deletion(number, was.name, numbers, names) : difference(was, is);
    findings.push(...rules.map((rule) => ({ rule, message, number })));
  }
  if (before.reserved.some(({ number, protoName }) => !numbers.has(number) || !names.has(protoName))) {
    findings.push({ rule: "RESERVED_MESSAGE_NO_DELETE", message });
  }
  return findings;
}

function deletion(
  number: number,
  name: string,
  numbers: ReadonlySet<number>,
  names: ReadonlySet<string>,
): DescriptorRule[] {
  return [
    ...(names.has(name) ? [] : ["FIELD_NO_DELETE_UNLESS_NAME_RESERVED" as const]),
    ...(numbers.has(number) ? [] : ["FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED" as const]),
  ];
}

function difference(was: DescriptorField, is: DescriptorField): DescriptorRule[] {
  const rules: DescriptorRule[] = [];
  if (was.name !== is.name) rules.push("FIELD_SAME_NAME");
  if (jsonName(was.name) !== jsonName(is.name)) rules.push("FIELD_SAME_JSON_NAME");
  if (was.cardinality !== is.cardinality) rules.push("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY");
  if (was.type !== is.type) rules.push("FIELD_WIRE_JSON_COMPATIBLE_TYPE");
  return rules;
}
