/** Collecting what is wrong with an artifact, so that all of it is said at once. */
import { Refusal, type Problem } from "./errors.js";

/** A hostile file can be wrong in a million places; nobody reads more than this many per file. */
const MOST_PROBLEMS = 100;
const LONGEST_SHOWN = 80;

export interface ProblemList {
  /** Notes one problem at `path` inside the file. */
  add(path: string, message: string, remedy: string): void;
  /** What was noted so far, the last of many summed up in one. */
  listed(): readonly Problem[];
  /** @throws Refusal with what was noted so far; returns when that is nothing */
  refuse(): void;
}

/** An empty list for the file `where`. */
export function problemList(where: string): ProblemList {
  const problems: Problem[] = [];
  let unlisted = 0;
  const listed = (): readonly Problem[] => {
    if (unlisted === 0) return problems;
    const message = `${unlisted} more problems are not listed.`;
    return [...problems, { where, path: "", message, remedy: "Mend the ones above first." }];
  };
  return {
    add: (path, message, remedy) => {
      if (problems.length < MOST_PROBLEMS) problems.push({ where, path, message, remedy });
      else unlisted += 1;
    },
    listed,
    refuse: () => {
      if (problems.length > 0) throw new Refusal("artifact", listed());
    },
  };
}

/** A refusal with one problem. */
export function refusal(where: string, path: string, message: string, remedy: string): Refusal {
  return new Refusal("artifact", [{ where, path, message, remedy }]);
}

/**
 * Runs one reader of several: its result, or `undefined` with its problems added to `problems`.
 * @throws whatever the reader throws that is not a refusal of the artifact
 */
export async function collect<T>(problems: Problem[], read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "artifact") throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** Text of the artifact as a message may show it: short, and nothing in it that could steer a terminal or a log. */
export function shown(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return short.replace(
    /[\p{C}\p{Zl}\p{Zp}`]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The path of a member: `tables[0]` and `alias` make `tables[0].alias`; an unusual key is quoted. */
export function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(key)) return `${path}["${shown(key)}"]`;
  return path === "" ? key : `${path}.${key}`;
}
