/**
 * Names of the items of one record, by the rules of CICS DFHWS2LS ("XML schema to COBOL mapping"): 28 characters, or 23 where a
 * count `-num` goes with the item, no reserved word, and never two items that a qualified reference could both mean.
 */
import { isReservedWord } from "../contract/reserved-words.js";

const LONGEST = 28;
/** Five characters are kept for `-num`. */
const LONGEST_COUNTED = 23;

/** Gives the names of one record. */
export interface ItemNames {
  /**
   * @param xmlName the name of the element
   * @param groups the names of the groups around the item, outermost first
   * @param isCounted whether an item with the same name and `-num` stands before it
   */
  give(xmlName: string, groups: readonly string[], isCounted: boolean): string;
}

export function itemNames(): ItemNames {
  const known = namedPlaces();
  return {
    give(xmlName, groups, isCounted) {
      const around = groups.map(identity);
      const longest = isCounted ? LONGEST_COUNTED : LONGEST;
      const plain = safeName(xmlName);
      let name = plain.slice(0, longest);
      for (let count = 2; known.isAmbiguous(identity(name), around); count += 1) {
        const digits = String(count);
        name = plain.slice(0, longest - digits.length) + digits;
      }
      known.add(identity(name), around);
      return name;
    },
  };
}

function safeName(xmlName: string): string {
  const plain = xmlName.replace(/[^A-Za-z0-9-]/g, "X").replace(/-$/, "X");
  return isReservedWord(plain) ? `X${plain}` : plain;
}

/** COBOL knows no case. */
function identity(name: string): string {
  return name.toLowerCase();
}

/** The groups around an item, outermost first. */
type Groups = readonly string[];

interface NamedPlaces {
  add(name: string, groups: Groups): void;
  /**
   * A reference may leave out groups, so it means every item of its name whose groups include the ones it names. Two items of one
   * name can be told apart when neither's groups are all among the other's, in the same order.
   */
  isAmbiguous(name: string, groups: Groups): boolean;
}

/** Found by the innermost group, which must be among the other's: thousands of lists all have an `item`. */
function namedPlaces(): NamedPlaces {
  const byInnermost = new Map<string, Groups[]>();
  const byAny = new Map<string, Groups[]>();
  const file = (index: Map<string, Groups[]>, key: string, groups: Groups): void => {
    const filed = index.get(key);
    if (filed === undefined) index.set(key, [groups]);
    else filed.push(groups);
  };
  return {
    add(name, groups) {
      file(byInnermost, `${name} ${groups.at(-1) ?? ""}`, groups);
      for (const group of new Set(groups)) file(byAny, `${name} ${group}`, groups);
    },
    isAmbiguous(name, groups) {
      const outer = ["", ...groups].flatMap((group) => byInnermost.get(`${name} ${group}`) ?? []);
      const inner = byAny.get(`${name} ${groups.at(-1) ?? ""}`) ?? [];
      return outer.some((other) => isWithin(other, groups)) || inner.some((other) => isWithin(groups, other));
    },
  };
}

function isWithin(inner: Groups, outer: Groups): boolean {
  let matched = 0;
  for (const group of outer) {
    if (inner[matched] === group) matched += 1;
  }
  return matched === inner.length;
}
