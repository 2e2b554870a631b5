/**
 * What a message keeps from the version before: the wire names and numbers of the fields that are still there, their order, and
 * the names and numbers of those that are gone, which are never given again. Fields are matched by their source name.
 */
import type { Field, Message, ReservedField } from "./model.js";
import { protoNames, xmlNames } from "./names.js";

/** The names and the number of one field on the wire. */
export interface WireIdentity {
  readonly xmlName: string;
  readonly protoName: string;
  readonly number: number;
}

export interface Identified<F extends Field> {
  readonly wire: WireIdentity;
  /** The field of before that goes on in this one. */
  readonly before: F | undefined;
}

export interface Inheritance<F extends Field> {
  /**
   * The identity of a field: what it had before, or what nobody has had.
   * @param kind `column`, `table`…: stands, with the number, for a name of which nothing can be written in ASCII
   * @param isHeir whether a field of before may be continued; one of another role may not
   */
  identify(source: string, kind: string, isHeir?: (before: F) => boolean): Identified<F>;
  /** Fields in the order of the contract, with everything that has been given up. */
  settle<T extends Field>(
    fields: readonly T[],
  ): { readonly fields: readonly T[]; readonly reserved: readonly ReservedField[] };
}

/** Numbers that protobuf keeps for itself (language guide, "Assigning field numbers"). */
const FIRST_KEPT = 19_000;
const LAST_KEPT = 19_999;

/** A message as it was. */
export interface History<F extends Field> {
  readonly fields: readonly F[];
  readonly reserved: Message["reserved"];
}

/**
 * Begins a message; without `before` it is a new one.
 * @param foreign XML names that no new field may take
 */
export function inherit<F extends Field>(
  before: History<F> | undefined,
  foreign: readonly string[] = [],
): Inheritance<F> {
  const names = { xml: xmlNames(), proto: protoNames() };
  for (const name of foreign) names.xml.keep(name);
  const reserved = before?.reserved ?? [];
  const known = [...(before?.fields ?? []), ...reserved];
  for (const { xmlName, protoName } of known) {
    names.xml.keep(xmlName);
    names.proto.keep(protoName);
  }
  let highest = Math.max(0, ...known.map(({ number }) => number));
  const nextNumber = (): number => {
    highest += 1;
    if (highest >= FIRST_KEPT && highest <= LAST_KEPT) highest = LAST_KEPT + 1;
    return highest;
  };
  return {
    identify(source, kind, isHeir = () => true): Identified<F> {
      const heir = before?.fields.find((field) => field.source === source && isHeir(field));
      if (heir !== undefined) {
        const { xmlName, protoName, number } = heir;
        return { wire: { xmlName, protoName, number }, before: heir };
      }
      const number = nextNumber();
      const fallback = `${kind}${number}`;
      const wire = {
        xmlName: names.xml.give(source, fallback),
        protoName: names.proto.give(source, fallback),
        number,
      };
      return { wire, before: undefined };
    },
    settle(fields) {
      const rank = new Map((before?.fields ?? []).map(({ number }, index) => [number, index]));
      const rankOf = (field: Field): number => rank.get(field.number) ?? rank.size + field.number;
      const kept = new Set(fields.map(({ number }) => number));
      const gone = (before?.fields ?? []).filter(({ number }) => !kept.has(number));
      return {
        fields: fields.toSorted((a, b) => rankOf(a) - rankOf(b)),
        reserved: [...reserved, ...gone.map(toReserved)].sort((a, b) => a.number - b.number),
      };
    },
  };
}

function toReserved({ source, xmlName, protoName, number }: Field): ReservedField {
  return { source, xmlName, protoName, number };
}
