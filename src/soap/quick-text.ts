/** Character data as it is written to the text that it stands for (XML 1.0, sections 2.4, 2.11 and 4.1). */
import { isXmlText } from "../xml-printer.js";

/** A character that needs a closer look: a reference, an end of line, a part of `]]>`, or none that XML allows. */
const SPECIAL = /[&\]\r\x00-\x08\x0b\x0c\x0e-\x1f\uD800-\uDFFF\uFFFE\uFFFF]/;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

const NUMBER = /^#(?:(\d{1,7})|x([\dA-Fa-f]{1,6}))$/;

/** Longest reference that is known here, from `&` to `;`. */
const LONGEST_REFERENCE = 10;

/** @returns `undefined` for text that is not well-formed, or that only the complete reader knows */
export function readQuickText(written: string): string | undefined {
  if (!SPECIAL.test(written)) return written;
  if (written.includes("]]>") || !isXmlText(written)) return undefined;
  const text = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
  return text.includes("&") ? replaceReferences(text) : text;
}

/** Ends at the first reference that is not known: text full of them must not cost more than the complete reader. */
function replaceReferences(text: string): string | undefined {
  let replaced = "";
  let at = 0;
  for (let start = text.indexOf("&"); start >= 0; start = text.indexOf("&", at)) {
    const end = text.indexOf(";", start);
    if (end < 0 || end - start >= LONGEST_REFERENCE) return undefined;
    const character = characterOf(text.slice(start + 1, end));
    if (character === undefined) return undefined;
    replaced += text.slice(at, start) + character;
    at = end + 1;
  }
  return replaced + text.slice(at);
}

function characterOf(reference: string): string | undefined {
  const named = ENTITIES.get(reference);
  if (named !== undefined) return named;
  const [, decimal, hex = ""] = NUMBER.exec(reference) ?? [];
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
  if (Number.isNaN(code) || code > 0x10ffff) return undefined;
  const character = String.fromCodePoint(code);
  return isXmlText(character) ? character : undefined;
}
