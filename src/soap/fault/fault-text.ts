/** The words of a fault: one line for people, of bounded length, in characters that the caller can keep. */
import type { GatewayError } from "../../errors.js";
import { toXmlText } from "../../xml-printer.js";

/** `ascii`: printable ASCII alone, which every code page of a mainframe has; `unicode`: all that XML can carry. */
export type FaultText = "ascii" | "unicode";

/** The error's text, then each violation with its place. */
export function describeFault(error: GatewayError): string {
  const violations = error.violations.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  const started = error.started && error.code !== "artifact_error" ? ["The decision had been started."] : [];
  return [error.message, ...violations, ...started].join(" ");
}

/** A text in the characters that are asked for and of at most so many of them, for `escapeText`. */
export function fitText(text: string, maxLength: number, characters: FaultText): string {
  return shorten(characters === "ascii" ? toAscii(text) : toXmlText(text), maxLength);
}

/** Longest name that is repeated, in characters. */
const LONGEST_NAME = 40;

/** A name that a caller sent, for a text that becomes a fault: short, in quotes. */
export function quoteName(name: string): string {
  return `"${shorten(name, LONGEST_NAME)}"`;
}

const PUNCTUATION: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u2013", "-"],
  ["\u2014", "-"],
]);

/** Letters lose their accents, so that a name stays recognisable; what has no letter in ASCII becomes a question mark. */
function toAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]/gu, (character) => PUNCTUATION.get(character) ?? "?");
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // Cutting between the halves of a surrogate pair would leave a character that XML cannot carry.
  return `${text.slice(0, length - 3).replace(/[\uD800-\uDBFF]$/, "")}...`;
}
