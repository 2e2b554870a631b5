/** What a comparison has found so far. */
import type { Message } from "../contract/model.js";
import type { FieldKind } from "./change.js";

export interface Found<Kind extends string> {
  readonly kind: Kind;
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export interface Walk<Kind extends string = FieldKind> {
  /** @param before, after what was and what is there, in a few words; undefined for nothing */
  add(kind: Kind, path: string, before?: string, after?: string): void;
  /** Says that the type of this name was compared with the one that had the name before. */
  compared(typeName: string): void;
  /** Whether these two have not been compared yet: a lock can use one record in many places, and those in many again. */
  isNew(before: Message, after: Message): boolean;
}

export interface Walked<Kind extends string> {
  readonly found: readonly Found<Kind>[];
  readonly comparedTypes: ReadonlySet<string>;
}

/** Runs a comparison and keeps what it finds; what a table and its record both say, once. */
export function walk<Kind extends string>(compare: (walk: Walk<Kind>) => void): Walked<Kind> {
  const found = new Map<string, Found<Kind>>();
  const comparedTypes = new Set<string>();
  const comparedRecords = new Map<Message, Set<Message>>();
  compare({
    add(kind, path, before, after) {
      const texts = {
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
      const one = { kind, path, ...texts };
      found.set(JSON.stringify(one), one);
    },
    compared: (typeName) => void comparedTypes.add(typeName),
    isNew(before, after) {
      const known = comparedRecords.get(before) ?? new Set();
      if (known.has(after)) return false;
      comparedRecords.set(before, known.add(after));
      return true;
    },
  });
  return { found: [...found.values()], comparedTypes };
}
