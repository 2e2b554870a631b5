/** One change to a contract itself, as a lock that somebody edits can make it: a facet, a name, a number, a reservation. */
import type {
  Field,
  FieldType,
  Message,
  Operation,
  Service,
  SingleOperation,
} from "../../src/contract/model.js";
import { singleOperation } from "../../src/contract/single-operation.js";
import type { Roll } from "./roll.js";

export interface Tweaked {
  readonly service: Service;
  readonly what: string;
}

/** A rewriting of every field and type, of which the one at `target` is changed; counts them on the way. */
interface Rewriting {
  readonly target: number;
  readonly roll: Roll;
  count: number;
  what: string;
}

export function tweakContract(service: Service, roll: Roll): Tweaked {
  const counting: Rewriting = { target: -1, roll, count: 0, what: "" };
  rewriteOperation(service.operation, counting);
  const rewriting: Rewriting = { target: roll.below(counting.count), roll, count: 0, what: "nothing" };
  const operation = rewriteOperation(service.operation, rewriting);
  const single = service.profile === "mainframe" ? singleOperation(operation) : undefined;
  return { service: withSingle({ ...service, operation }, single), what: rewriting.what };
}

/** Forgets what the request and its tables once had. */
export function dropReservations(service: Service): Service {
  const { operation } = service;
  const fields = operation.request.fields.map((field) => {
    const { type } = field;
    if (type.kind !== "array" || type.items.kind !== "struct") return field;
    const message = { ...type.items.message, reserved: [] };
    return { ...field, type: { ...type, items: { ...type.items, message } } };
  });
  return { ...service, operation: { ...operation, request: { ...operation.request, fields, reserved: [] } } };
}

/** The operation for one row follows from the other one. */
function withSingle(service: Service, single: SingleOperation | undefined): Service {
  const copy: { -readonly [K in keyof Service]: Service[K] } = { ...service };
  delete copy.single;
  return single === undefined ? copy : { ...copy, single };
}

function rewriteOperation({ name, request, response }: Operation, rewriting: Rewriting): Operation {
  const [result] = response.fields;
  return {
    name,
    request: rewriteMessage(request, rewriting),
    response: {
      ...response,
      fields: [rewriteInside(result, rewriting)],
      name: isTarget(rewriting) ? `${response.name}Other` : response.name,
    },
  };
}

function rewriteMessage<M extends Message>(message: M, rewriting: Rewriting): M {
  const fields = message.fields.map((field) =>
    rewriteField(rewriteInside(field, rewriting), message, rewriting),
  );
  const rewritten = { ...message, fields };
  if (!isTarget(rewriting)) return rewritten;
  const [what, changed] = rewriting.roll.pick<readonly [string, Message]>([
    ["reservation dropped", { ...rewritten, reserved: message.reserved.slice(1) }],
    ["renamed", { ...rewritten, name: `${message.name}Other` }],
    ["described", { ...rewritten, description: `${message.description} Once more.` }],
  ]);
  rewriting.what = `${message.name}: ${what}`;
  return { ...rewritten, ...changed, fields };
}

function rewriteField(field: Field, { fields, reserved }: Message, rewriting: Rewriting): Field {
  if (!isTarget(rewriting)) return field;
  const { roll } = rewriting;
  const highest = Math.max(...[...fields, ...reserved].map(({ number }) => number));
  const [what, changed] = roll.pick<readonly [string, Field]>([
    ["source", { ...field, source: `${field.source}_once` }],
    ["XML name", { ...field, xmlName: `${field.xmlName}Other` }],
    ["proto name", { ...field, protoName: `${field.protoName}_other` }],
    ["number", { ...field, number: highest + 1 }],
    ["presence", { ...field, required: !field.required }],
    ["notes", { ...field, notes: { unit: "EUR" } }],
  ]);
  rewriting.what = `${field.source}: ${what}`;
  return changed;
}

function rewriteInside<F extends Field>(field: F, rewriting: Rewriting): F {
  return { ...field, type: rewriteType(field.type, rewriting) };
}

function rewriteType(type: FieldType, rewriting: Rewriting): FieldType {
  const inside = rewriteParts(type, rewriting);
  if (!isTarget(rewriting)) return inside;
  rewriting.what = `facet of a ${type.kind}`;
  return withOtherFacet(inside, rewriting.roll);
}

function rewriteParts(type: FieldType, rewriting: Rewriting): FieldType {
  switch (type.kind) {
    case "array":
      return { ...type, items: rewriteType(type.items, rewriting) };
    case "map":
      return { ...type, value: rewriteType(type.value, rewriting) };
    case "struct":
      return { ...type, message: rewriteMessage(type.message, rewriting) };
    default:
      return type;
  }
}

function withOtherFacet(type: FieldType, roll: Roll): FieldType {
  switch (type.kind) {
    case "string":
      return roll.chance(0.5)
        ? { ...type, maxLength: roll.pick([1, 4, 40]) }
        : { ...type, allowed: roll.pick([["CARD"], ["CARD", "LOAN"], ["LOAN", "CARD"], ["LOAN"]]) };
    case "integer":
      return { ...type, ...roll.pick([{ totalDigits: 3 }, { totalDigits: 9 }, BOUNDS.narrow, BOUNDS.whole]) };
    case "decimal":
    case "double":
      return { ...type, ...roll.pick([DIGITS.few, DIGITS.many, DIGITS.other, BOUNDS.narrow, BOUNDS.wide]) };
    case "array":
    case "map":
      return { ...type, maxItems: roll.pick([1, 3, 1000, 2000]) };
    default:
      return type;
  }
}

const BOUNDS = {
  narrow: { minimum: "0", maximum: "10" },
  wide: { minimum: "-10.5", maximum: "250" },
  whole: { minimum: "-10", maximum: "250" },
};
const DIGITS = {
  few: { totalDigits: 5, fractionDigits: 2 },
  many: { totalDigits: 11, fractionDigits: 2 },
  other: { totalDigits: 9, fractionDigits: 4 },
};

function isTarget(rewriting: Rewriting): boolean {
  const isHere = rewriting.count === rewriting.target;
  rewriting.count += 1;
  return isHere;
}
