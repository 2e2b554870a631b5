/** Text of an artifact as people may be shown it: nothing in it can steer a terminal or turn a line around. */

/**
 * Control characters (escape sequences begin with one), invisible and direction-changing characters, private ones, halves of
 * pairs, and line separators.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Letters that take two columns of a terminal. */
const WIDE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF60]/u;
const MARK = /\p{M}/u;

/** One line: what steers is written as `\u{1b}`; what is longer than `most` characters is cut, and the cut is said. */
export function visibleText(text: string, most = 2000): string {
  const cut = cutText(text, most);
  const visible = cut.replace(STEERING, spelled);
  return cut.length === text.length ? visible : `${visible}… (${text.length} characters)`;
}

/** The same for a text of several lines. A tab is four blanks. */
export function visibleLines(text: string, most: number): string[] {
  return cutText(text, most)
    .replaceAll("\t", "    ")
    .split(/\r\n|\n/)
    .map((line) => visibleText(line, most));
}

/** A whole text with its line feeds and tabs; nothing is cut. */
export function visibleBlock(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(STEERING, (character) =>
      character === "\n" || character === "\t" ? character : spelled(character),
    );
}

/** The first `most` UTF-16 units, without half a pair at the end. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function spelled(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** At most `most` columns of a terminal, the last of them `…` when something is missing. */
export function abbreviated(text: string, most: number): string {
  const visible = visibleText(text, 4 * most);
  if (textWidth(visible) <= most) return visible;
  let short = "";
  let width = 0;
  for (const character of visible) {
    width += textWidth(character);
    if (width > most - 1) break;
    short += character;
  }
  return `${short}…`;
}

/** Columns that a line takes on a terminal. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
