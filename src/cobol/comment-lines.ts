/** Text for people as comment lines of the fixed reference format: an asterisk in column 7, nothing behind column 72. */

const PREFIX = "      * ";
const WIDTH = 72 - PREFIX.length;
const PIECES = new RegExp(`.{1,${WIDTH}}`, "g");
const PRINTABLE = /^[ -~]*$/;

/** The text in plain ASCII, in as many lines as it needs; none for no text. What ASCII has no letter for becomes `?`. */
export function commentLines(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(PREFIX + line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, PREFIX + line];
}

/** No word is longer than a line. */
function words(text: string): readonly string[] {
  return toAscii(text)
    .split(" ")
    .filter((word) => word !== "")
    .flatMap((word) => (word.length <= WIDTH ? [word] : (word.match(PIECES) ?? [])));
}

function toAscii(text: string): string {
  if (PRINTABLE.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐-―]/g, "-")
    .replace(/\s+/g, " ")
    .replace(/[^ -~]/gu, "?");
}
