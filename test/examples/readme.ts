/** The commands and programs of an example's README, with the answers that it promises. */
import { readFileSync } from "node:fs";
import { repository } from "../support/served-example.js";

/** The port that every README names; tests put their own in its place. */
const PORT = /\blocalhost:8080\b/g;

interface Block {
  readonly language: string;
  readonly text: string;
}

export interface Promised {
  /** What the reader is told to run, against the port of the test. */
  readonly text: string;
  readonly answer: string;
}

/**
 * The blocks of one language that match, each with the next block of the other language: its answer.
 * @throws Error when there is none, or one without an answer
 */
export function promisesOf(
  example: string,
  port: number,
  { language, pattern, answerIn }: { language: string; pattern: RegExp; answerIn: string },
): readonly Promised[] {
  const blocks = blocksOf(example);
  const found = blocks.flatMap((block, index) => {
    if (block.language !== language || !pattern.test(block.text)) return [];
    const answer = blocks.slice(index + 1).find((next) => next.language === answerIn);
    if (answer === undefined) throw new Error(`examples/${example}/README.md promises no ${answerIn} here`);
    return [{ text: block.text.replaceAll(PORT, `localhost:${port}`), answer: answer.text }];
  });
  if (found.length === 0)
    throw new Error(`examples/${example}/README.md has no ${language} like ${pattern.source}`);
  return found;
}

/** The `sh` block that calls the SOAP endpoint, with the envelope that it promises. */
export const CURL = { language: "sh", pattern: /^curl /, answerIn: "xml" };

/** An envelope without the white space that makes it readable. */
export function onOneLine(xml: string): string {
  return xml.replace(/>\s+</g, "><").replace(/\s+/g, " ").trim();
}

function blocksOf(example: string): readonly Block[] {
  const text = readFileSync(repository(`examples/${example}/README.md`), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", body = ""]) => ({
    language,
    text: body,
  }));
}
