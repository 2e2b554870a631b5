/** Character data as it is written to the text that it stands for (XML 1.0, sections 2.4, 2.11 and 4.1). */
import { isXmlText } from "../../xml-printer.js";
import { withLineFeeds } from "../xml/characters.js";
import { expandReferences } from "../xml/references.js";

/** A character that needs a closer look: a reference, an end of line, a part of `]]>`, or none that XML allows. */
const SPECIAL = /[&\]\r\x00-\x08\x0b\x0c\x0e-\x1f\uD800-\uDFFF\uFFFE\uFFFF]/;

/** @returns `undefined` for text that is not well-formed */
export function readQuickText(written: string): string | undefined {
  if (!SPECIAL.test(written)) return written;
  if (written.includes("]]>") || !isXmlText(written)) return undefined;
  return expandReferences(withLineFeeds(written));
}
