/** The usual beginning of a request: from the XML declaration to behind the start tag of the operation's element. */
import type { QuickScope } from "./quick-scanner.js";
import { XSI_NAMESPACE } from "../xml/xml-element.js";

export interface Opening extends QuickScope {
  /** The text that was read: what follows is the content of the operation's element. */
  readonly text: string;
  /** Elements that have begun, the operation's own and an empty header among them. */
  readonly elements: number;
  /** The end tags that must follow the operation's. */
  readonly ends: readonly string[];
}

/** What a usual request begins with. */
export interface Usual {
  /** Namespace of the envelope. */
  readonly envelope: string;
  /** Namespace and name of the operation's element. */
  readonly namespace: string;
  readonly name: string;
}

/** Prefixes and the namespaces that they stand for; the empty prefix is the default namespace. */
type Scope = ReadonlyMap<string, string>;

interface StartTag {
  /** As written, with its prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly uri: string | undefined;
  /** What holds inside the element. */
  readonly scope: Scope;
  /** Where its content begins. */
  readonly end: number;
}

/** The most that is accepted here: what is longer, or more, is for the complete reader to judge. */
export const OPENING = {
  /** Characters in a name without a prefix, or in a prefix. */
  nameLength: 61,
  /** Namespace declarations in one tag. */
  namespaces: 20,
  /** Start tags: envelope, body and the operation's element. */
  tags: 3,
  /** Characters in a namespace name. */
  namespaceLength: 200,
} as const;

// Namespace declarations as the only attributes, names in ASCII, namespaces without a reference. Every repetition is
// bounded, because the patterns meet whatever a caller sends.
const NAME = String.raw`[A-Za-z_][\w.-]{0,${OPENING.nameLength - 1}}`;
const SPACE = String.raw`[ \t\r\n]{0,100}`;
const NAMESPACE = String.raw`[\w:/.#?=%~+,;@!$*()-]{1,${OPENING.namespaceLength}}`;
const DECLARED = `[ \\t\\r\\n]${SPACE}xmlns(?::(${NAME}))?=(?:"(${NAMESPACE})"|'(${NAMESPACE})')`;

// Whatever encoding is declared: which one it is has been decided before there was text (`charset.ts`).
const ENCODING = "[A-Za-z][A-Za-z0-9._-]{0,40}";
const PROLOGUE = new RegExp(
  `(?:<\\?xml version=(?:"1\\.0"|'1\\.0')(?: encoding=(?:"${ENCODING}"|'${ENCODING}'))?` +
    `(?: standalone=(?:"yes"|"no"|'yes'|'no'))? ?\\?>)?`,
  "y",
);
const START_TAG = new RegExp(
  `${SPACE}<((?:(${NAME}):)?(${NAME}))((?:${DECLARED}){0,${OPENING.namespaces}})${SPACE}>`,
  "y",
);
const EVERY_DECLARED = new RegExp(DECLARED, "g");
const EMPTY_HEADER = new RegExp(`${SPACE}<(${NAME}:)?Header(?: ?/>|>${SPACE}</\\1Header>)`, "y");

/** Prefixes and namespaces that XML binds by itself; what a request does to them is for the complete reader to judge. */
const BOUND = /^xml|^http:\/\/www\.w3\.org\/(?:XML\/1998\/namespace|2000\/xmlns\/)$/;

/** @returns `undefined` for a beginning that is not of the usual form; what it is then is not decided here */
export function readOpening(text: string, usual: Usual): Opening | undefined {
  PROLOGUE.lastIndex = 0;
  PROLOGUE.exec(text);
  const envelope = readStartTag(text, PROLOGUE.lastIndex, new Map());
  if (envelope?.local !== "Envelope" || envelope.uri !== usual.envelope) return undefined;
  const afterHeader = endOfEmptyHeader(text, envelope);
  const body = readStartTag(text, afterHeader ?? envelope.end, envelope.scope);
  if (body?.local !== "Body" || body.uri !== usual.envelope) return undefined;
  const payload = readStartTag(text, body.end, body.scope);
  if (payload?.local !== usual.name || payload.uri !== usual.namespace) return undefined;
  return {
    text: text.slice(0, payload.end),
    prefix: payload.prefix === "" ? "" : `${payload.prefix}:`,
    nils: nilsIn(payload.scope, payload.prefix),
    elements: afterHeader === undefined ? 3 : 4,
    ends: [`</${body.name}>`, `</${envelope.name}>`],
  };
}

function readStartTag(text: string, at: number, outer: Scope): StartTag | undefined {
  START_TAG.lastIndex = at;
  const match = START_TAG.exec(text);
  if (match === null) return undefined;
  const [, name = "", prefix = "", local = "", declared = ""] = match;
  const end = START_TAG.lastIndex;
  const scope = declare(declared, outer);
  return scope === undefined ? undefined : { name, prefix, local, uri: scope.get(prefix), scope, end };
}

/** The scope inside an element; `undefined` when it declares a prefix twice or one that is not the caller's. */
function declare(declared: string, outer: Scope): Scope | undefined {
  const own = new Map<string, string>();
  for (const [, prefix = "", double, single] of declared.matchAll(EVERY_DECLARED)) {
    const uri = double ?? single ?? "";
    if (own.has(prefix) || BOUND.test(prefix) || BOUND.test(uri)) return undefined;
    own.set(prefix, uri);
  }
  return new Map([...outer, ...own]);
}

function endOfEmptyHeader(text: string, { prefix, end }: StartTag): number | undefined {
  EMPTY_HEADER.lastIndex = end;
  const match = EMPTY_HEADER.exec(text);
  const own = prefix === "" ? undefined : `${prefix}:`;
  return match !== null && match[1] === own ? EMPTY_HEADER.lastIndex : undefined;
}

/** The attribute under a prefix that is declared already, and with its declaration beside it, as Java and zeep do. */
function nilsIn(scope: Scope, prefix: string): string[] {
  const declared = [...scope].find(([name, uri]) => uri === XSI_NAMESPACE && name !== "");
  const nils = declared === undefined ? [] : [` ${declared[0]}:nil="true"`];
  // The declaration also holds for the name of its own element, which must keep its namespace.
  if (prefix !== "xsi") nils.push(` xmlns:xsi="${XSI_NAMESPACE}" xsi:nil="true"`);
  return nils;
}
