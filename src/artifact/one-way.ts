/**
 * Reading what may be meant in more than one way. Every way is tried; the only one that works is taken, and two that
 * work and differ are refused with both named: nothing is guessed.
 */
import { isDeepStrictEqual } from "node:util";
import { problemList, type ProblemList } from "../problems.js";
import { describeVariant, type VariantCode } from "./input-info-variants.js";
import { INPUT_INFO_FILE } from "./input-model.js";

/** What goes along while a file is read. */
export interface Reading {
  /** What keeps the file from being read. */
  readonly problems: ProblemList;
  /** What is not understood and does no harm. */
  readonly warnings: ProblemList;
  /** The variants met so far, outermost first. */
  readonly met: Set<VariantCode>;
  /** The paths of what can be read in several ways; each has its problem too. */
  readonly ambiguous: Set<string>;
  /** The variant that somebody has stated this file to be. */
  readonly stated: VariantCode | undefined;
}

export interface Way<T> {
  /** The outermost variant of this way; left out when reading it finds out. */
  readonly variant?: VariantCode;
  /** What the thing then is: `a table by name`. */
  readonly meaning: string;
  readonly read: (reading: Reading) => T;
}

interface Attempt<T> {
  readonly way: Way<T>;
  readonly value: T;
  readonly reading: Reading;
}

export function newReading(stated: VariantCode | undefined): Reading {
  const [problems, warnings] = [problemList(INPUT_INFO_FILE), problemList(INPUT_INFO_FILE)];
  return { problems, warnings, met: new Set(), ambiguous: new Set(), stated };
}

/**
 * Reads in the one way that works. When none does, the problems of the first way are noted; when several do and give
 * different results, that is a problem, unless only one of them meets the stated variant.
 * @param ways the likeliest first
 * @param path of what is read
 */
export function readOneWay<T>(ways: readonly [Way<T>, ...Way<T>[]], path: string, reading: Reading): T {
  const [likeliest, ...alternatives] = ways;
  if (alternatives.length === 0) return takeWay(likeliest, reading);
  const possible = possibleAttempts(ways, reading.stated);
  const [first] = possible;
  const others = possible.filter(({ value }) => !isDeepStrictEqual(value, first?.value));
  if (first === undefined || others.length === 0) return takeWay(first?.way ?? likeliest, reading);
  const candidates = [first, ...others].map(({ way, reading: { met } }) => ({
    meaning: way.meaning,
    code: [...met][0] ?? "empty",
  }));
  const list = candidates.map(({ meaning, code }) => `as ${meaning}, ${describeVariant(code)}`);
  const codes = [...new Set(candidates.map(({ code }) => code))];
  reading.ambiguous.add(path);
  for (const code of first.reading.met) reading.met.add(code);
  reading.problems.add(
    path,
    `It can be read in ${list.length} ways: ${list.join("; or ")}.`,
    `State in the contract lock which variant it is: ${codes.join(" or ")}.`,
  );
  return first.value;
}

function takeWay<T>(way: Way<T>, reading: Reading): T {
  if (way.variant !== undefined) reading.met.add(way.variant);
  return way.read(reading);
}

/** The ways that work; only those that meet the stated variant, when there are such. */
function possibleAttempts<T>(ways: readonly Way<T>[], stated: VariantCode | undefined): Attempt<T>[] {
  const attempts = ways.map((way): Attempt<T> => {
    const reading = newReading(stated);
    return { way, value: takeWay(way, reading), reading };
  });
  // What is itself ambiguous inside still competes: taking the other way for it would be a guess.
  const possible = attempts.filter(
    ({ reading }) => reading.problems.listed().length === reading.ambiguous.size,
  );
  if (stated === undefined) return possible;
  const outside = possible.filter(({ reading }) => [...reading.met][0] === stated);
  if (outside.length > 0) return outside;
  const inside = possible.filter(({ reading }) => reading.met.has(stated));
  return inside.length > 0 ? inside : possible;
}
