/** Words, names and marks of a spelled type, one after the other; blanks between them are free. */
import { shown } from "../problems.js";

/** A spelled type that cannot be read; the message says where in the text and what was expected. */
export class DataTypeError extends Error {
  override readonly name = "DataTypeError";
}

export interface TypeScanner {
  /** Steps over `mark` if it comes next. */
  readonly takes: (mark: string) => boolean;
  readonly expect: (mark: string) => void;
  readonly expectEnd: () => void;
  /** A type name or keyword, dots included. */
  readonly word: () => string;
  /** A number of one to nine digits. */
  readonly integer: () => number;
  /** The name of a struct field up to its `:`, without the blanks around it. */
  readonly bareName: () => string;
  /** A name in single or double quotes. */
  readonly quotedName: () => string;
  /** `[…]` or `<…>` around what `readInside` reads; `word` is the type that must have it. */
  readonly bracketed: <T>(word: string, readInside: () => T) => T;
  /** @throws DataTypeError with the place of what was read last */
  readonly fail: (message: string) => never;
}

const BLANKS = /\s*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_.]*/y;
const INTEGER = /[0-9]{1,9}/y;
const BARE_NAME = /[^\p{Cc}[\]<>{}(),:|'"`]+/uy;
const QUOTED_NAME = /'[^\p{Cc}'\\]+'|"[^\p{Cc}"\\]+"/uy;

const LONGEST_NAME = 200;

/** A scanner at the beginning of `text`. Every method throws `DataTypeError` when the text is not what it reads. */
export function scanType(text: string): TypeScanner {
  let at = 0;
  /** Where the last thing read began: the place an error names. */
  let place = 0;

  const fail = (message: string): never => {
    throw new DataTypeError(`${message}, at character ${place + 1}`);
  };
  const next = (pattern: RegExp): string | undefined => {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)?.[0].length ?? 0;
    place = at;
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const takes = (mark: string): boolean => {
    next(BLANKS);
    if (!text.startsWith(mark, at)) return false;
    at += mark.length;
    return true;
  };
  const expect = (mark: string): void => {
    if (!takes(mark)) fail(`expected \`${mark}\``);
  };
  const name = (found: string | undefined): string => {
    if (found === undefined || found === "") return fail("expected the name of a field");
    return found.length > LONGEST_NAME
      ? fail(`expected at most ${LONGEST_NAME} characters in a name`)
      : found;
  };

  return {
    takes,
    expect,
    fail,
    expectEnd: () => {
      next(BLANKS);
      if (at < text.length) fail("expected the end of the type");
    },
    word: () => next(WORD) ?? fail("expected a type"),
    integer: () => Number(next(INTEGER) ?? fail("expected a number")),
    bareName: () => name(next(BARE_NAME)?.trim()),
    quotedName: () => name(next(QUOTED_NAME)?.slice(1, -1)),
    bracketed: (word, readInside) => {
      const closing = takes("[") ? "]" : takes("<") ? ">" : undefined;
      if (closing === undefined)
        return fail(`\`${shown(word)}\` alone does not say what it holds; expected \`[\` after it`);
      const inside = readInside();
      expect(closing);
      return inside;
    },
  };
}
