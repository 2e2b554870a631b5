/**
 * HTML that cannot be broken by what is put into it: a tagged template that escapes every value that is not HTML itself. The
 * documents are well-formed XML too (`<meta …/>`, `hidden=""`), so that any parser can check them.
 */
import { visibleBlock } from "../visible-text.js";
import { toXmlText } from "../xml-printer.js";

const MARKUP = Symbol("markup");

/** Markup that was made by `html` or vouched for by `trustedHtml`. */
export interface Html {
  readonly [MARKUP]: string;
}

/** Text is escaped; of a list every item is taken; undefined leaves nothing. */
export type HtmlValue = Html | string | number | bigint | undefined | readonly HtmlValue[];

/** Values may stand as text or in attributes in double quotes, nowhere else. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((literal, index) => literal + markupOf(values[index]));
  return trustedHtml(parts.join(""));
}

/** Markup of our own that was made elsewhere. Whoever calls this answers for every character of it. */
export function trustedHtml(markup: string): Html {
  return { [MARKUP]: markup };
}

/** The text of the document or of a part of it. */
export function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "object") return MARKUP in value ? value[MARKUP] : value.map(markupOf).join("");
  return escape(String(value));
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** What steers a reader, such as a change of direction, is written out: a text looks like what it is. */
function escape(text: string): string {
  return toXmlText(visibleBlock(text)).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? "");
}
