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
  const given = new Map<string, (readonly string[])[]>();
  return {
    give(xmlName, groups, isCounted) {
      const around = groups.map(identity);
      const longest = isCounted ? LONGEST_COUNTED : LONGEST;
      const plain = safeName(xmlName);
      let name = plain.slice(0, longest);
      for (let count = 2; isAmbiguous(given.get(identity(name)) ?? [], around); count += 1) {
        const digits = String(count);
        name = plain.slice(0, longest - digits.length) + digits;
      }
      const places = given.get(identity(name));
      if (places === undefined) given.set(identity(name), [around]);
      else places.push(around);
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

/**
 * A reference may leave out groups, so it means every item of its name whose groups include the ones it names. Two items of one
 * name can be told apart when neither's groups are all among the other's, in the same order.
 */
function isAmbiguous(others: readonly (readonly string[])[], groups: readonly string[]): boolean {
  return others.some((other) => isWithin(other, groups) || isWithin(groups, other));
}

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  let matched = 0;
  for (const group of outer) {
    if (inner[matched] === group) matched += 1;
  }
  return matched === inner.length;
}
