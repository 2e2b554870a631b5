/**
 * Steps through the plain form of a payload: elements of one namespace under one prefix, without attributes but
 * `xsi:nil="true"`. It recognises and never judges: what it does not know makes it answer `undefined` or false, and
 * the whole request is then read by the complete reader.
 */
import { isSpace } from "../xml/characters.js";

/** How an element begins: with content to follow, as `<a/>`, or as `<a xsi:nil="true"/>`. */
export type Beginning = "content" | "empty" | "nil";

export interface QuickScope {
  /** Prefix of every element with its colon; empty for the default namespace. */
  readonly prefix: string;
  /** What makes an element of this scope nil, as it is written behind the name: ` xsi:nil="true"`. */
  readonly nils: readonly string[];
}

const SPACE = 0x20;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;

const NAME = /[A-Za-z][A-Za-z0-9]*/y;

export class QuickScanner {
  readonly #text: string;
  readonly #prefix: string;
  readonly #nils: readonly string[];
  readonly #maxTextLength: number;
  #at: number;
  #elements = 0;
  #spaces: number;

  /**
   * @param at where the scanner begins
   * @param maxTextLength longest text of one element; whatever is before `at`, and all white space between elements,
   * is counted as the text of one
   */
  constructor(text: string, at: number, { prefix, nils }: QuickScope, maxTextLength: number) {
    this.#text = text;
    this.#maxTextLength = maxTextLength;
    this.#spaces = at;
    this.#at = at;
    this.#prefix = prefix;
    this.#nils = nils;
  }

  /** Start tags read so far. */
  get elements(): number {
    return this.#elements;
  }

  /** Whether an end tag comes next, after white space, which is skipped. */
  isAtEndTag(): boolean {
    this.#skipSpace();
    return this.#text.charCodeAt(this.#at) === LESS && this.#text.charCodeAt(this.#at + 1) === SLASH;
  }

  /** The name in the start tag that comes next; `undefined` when none of this prefix does. Does not move. */
  peekName(): string | undefined {
    this.#skipSpace();
    if (!this.#isTagStart(this.#at, "")) return undefined;
    NAME.lastIndex = this.#at + 1 + this.#prefix.length;
    return NAME.exec(this.#text)?.[0];
  }

  /** Reads the start tag of an element of this name, after white space; does not move when it is another's. */
  begin(name: string): Beginning | undefined {
    this.#skipSpace();
    const start = this.#at;
    if (!this.#isTagStart(start, name)) return undefined;
    this.#at = start + 1 + this.#prefix.length + name.length;
    const beginning = this.#finishStartTag(name);
    if (beginning === undefined) this.#at = start;
    else this.#elements += 1;
    return beginning;
  }

  /** Reads the end tag of an element, after white space. */
  end(name: string): boolean {
    this.#skipSpace();
    return this.#takeEndTag(name);
  }

  /** Reads character data, as it is written, and the end tag behind it. */
  textAndEnd(name: string): string | undefined {
    const start = this.#at;
    const end = this.#text.indexOf("<", start);
    if (end < 0 || end - start > this.#maxTextLength) return undefined;
    this.#at = end;
    return this.#takeEndTag(name) ? this.#text.slice(start, end) : undefined;
  }

  /** Whether exactly these pieces follow, each after white space, and then nothing but white space, of which all is not too much. */
  endsWith(pieces: readonly string[]): boolean {
    for (const piece of pieces) {
      this.#skipSpace();
      if (!this.#take(piece)) return false;
    }
    this.#skipSpace();
    return this.#at === this.#text.length && this.#spaces <= this.#maxTextLength;
  }

  #finishStartTag(name: string): Beginning | undefined {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === GREATER) {
      this.#at += 1;
      return "content";
    }
    const nil = this.#nils.some((written) => this.#take(written));
    if (text.charCodeAt(this.#at) === SPACE) this.#at += 1;
    if (this.#take("/>")) return nil ? "nil" : "empty";
    if (!nil || !this.#take(">")) return undefined;
    return this.#takeEndTag(name) ? "nil" : undefined;
  }

  #takeEndTag(name: string): boolean {
    const text = this.#text;
    const at = this.#at;
    const after = at + 2 + this.#prefix.length + name.length;
    const stands =
      text.charCodeAt(at) === LESS &&
      text.charCodeAt(at + 1) === SLASH &&
      text.charCodeAt(after) === GREATER &&
      this.#isName(at + 2, name);
    if (stands) this.#at = after + 1;
    return stands;
  }

  #isTagStart(at: number, name: string): boolean {
    return this.#text.charCodeAt(at) === LESS && this.#isName(at + 1, name);
  }

  /** A slice is compared in half the time that `startsWith` takes; a prefix is too short for either. */
  #isName(at: number, name: string): boolean {
    const text = this.#text;
    const prefix = this.#prefix;
    for (let index = 0; index < prefix.length; index += 1) {
      if (text.charCodeAt(at + index) !== prefix.charCodeAt(index)) return false;
    }
    const start = at + prefix.length;
    return text.slice(start, start + name.length) === name;
  }

  #take(piece: string): boolean {
    if (!this.#text.startsWith(piece, this.#at)) return false;
    this.#at += piece.length;
    return true;
  }

  #skipSpace(): void {
    const start = this.#at;
    let at = start;
    while (isSpace(this.#text.charCodeAt(at))) at += 1;
    this.#at = at;
    this.#spaces += at - start;
  }
}
