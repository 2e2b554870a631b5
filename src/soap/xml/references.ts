/** References in text: the five entities that XML declares itself, and characters by number (XML 1.0, section 4.1). */

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

const HASH = 0x23;
const SMALL_X = 0x78;
const LAST_CODE_POINT = 0x10ffff;

/**
 * The text with every reference replaced by what it stands for.
 * @returns `undefined` when one is not well-formed, names an entity that is not declared, or no character of XML
 */
export function expandReferences(text: string): string | undefined {
  let expanded = "";
  let at = 0;
  // Ends at the first reference that is wrong, so that a search for a `;` that does not come happens once.
  for (let start = text.indexOf("&"); start >= 0; start = text.indexOf("&", at)) {
    const end = text.indexOf(";", start);
    if (end < 0) return undefined;
    const character =
      text.charCodeAt(start + 1) === HASH
        ? characterByNumber(text, start + 2, end)
        : ENTITIES.get(text.slice(start + 1, end));
    if (character === undefined) return undefined;
    expanded += text.slice(at, start) + character;
    at = end + 1;
  }
  return expanded + text.slice(at);
}

/** Leading zeros are allowed in any number, so the digits are counted up and never held as a number of their own. */
function characterByNumber(text: string, from: number, end: number): string | undefined {
  const radix = text.charCodeAt(from) === SMALL_X ? 16 : 10;
  const first = radix === 16 ? from + 1 : from;
  if (first === end) return undefined;
  let code = 0;
  for (let at = first; at < end; at += 1) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit >= radix) return undefined;
    code = code * radix + digit;
    if (code > LAST_CODE_POINT) return undefined;
  }
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** The value of a hexadecimal digit; 16 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x61 + 10 : 16;
}

/** Section 2.2. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code !== 0xfffe && code !== 0xffff);
}
