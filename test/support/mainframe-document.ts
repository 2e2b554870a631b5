/** The blocks and tables of docs/mainframe.md. */
import { readFileSync } from "node:fs";
import { repository } from "./served-example.js";

/** The code block of one language that follows a text. */
export function documentedBlock(after: string, language: string): string {
  const text = documentAfter(after);
  const [, body] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(text) ?? [];
  if (body === undefined) throw new Error(`docs/mainframe.md has no ${language} after: ${after}`);
  return body;
}

/** The cells of the table that follows a text, row by row, without its head. */
export function documentedTable(after: string): readonly (readonly string[])[] {
  const table = documentAfter(after)
    .split("\n\n")
    .find((part) => part.startsWith("|"));
  return (table ?? "")
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1")),
    );
}

function documentAfter(after: string): string {
  const text = readFileSync(repository("docs/mainframe.md"), "utf8");
  const at = text.indexOf(after);
  if (at < 0) throw new Error(`docs/mainframe.md does not say: ${after}`);
  return text.slice(at);
}
