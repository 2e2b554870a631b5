/** The shapes in which a file lists columns or arguments (V1, V2, V3, V7), each taken apart into single columns. */
import { memberPath, type ProblemList } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import type { VariantCode } from "./input-info-variants.js";
import { kindOf } from "./json-kind.js";
import { findAll, type Found, type Key } from "./spellings.js";

/** One column as the file gives it. */
export interface RawColumn {
  readonly path: string;
  readonly alias: Found;
  /** Every type that is given, the first spelling first. */
  readonly types: readonly Found[] | "untyped";
  /** What else is said of it; empty when the shape has no room for it. */
  readonly details: Readonly<Record<string, unknown>>;
  /** True where `values` is a sample of the data. */
  readonly hasSample: boolean;
}

export type ColumnShape = Extract<VariantCode, "V1" | "V2" | "V3" | "V7">;

const EXPECTED =
  'expected columns: {"name": "type"}, ["name"], [{"alias", "type"}] or {"name": {"type"}}, one of them throughout';
const MEND = "Write all of them in one of these shapes.";

/** The shape of a list or an object of columns; undefined when it is neither or mixed. */
export function columnShape(value: unknown): ColumnShape | undefined {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length > 0 && items.every((item) => typeof item === "string")) return "V2";
    return items.every(isJsonObject) ? "V3" : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const members = Object.values(value);
  if (members.every((member) => typeof member === "string")) return "V1";
  return members.every((member) => isJsonObject(member) && hasType(member)) ? "V7" : undefined;
}

/** True for an object with a type in words. */
export function hasType(object: Readonly<Record<string, unknown>>): boolean {
  return findAll(object, "type", "").some(({ value }) => typeof value === "string");
}

/** The columns of `value`, which has the shape `shape`, or none and a problem when it has none of the shapes. */
export function listRawColumns(
  value: unknown,
  shape: ColumnShape | undefined,
  path: string,
  problems: ProblemList,
): RawColumn[] {
  if (shape === undefined) {
    noteMixture(value, path, problems);
    return [];
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => listItem(item, `${path}[${index}]`, problems));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([key, member]) =>
    rawMember(key, member, memberPath(path, key), problems),
  );
}

function listItem(item: unknown, path: string, problems: ProblemList): RawColumn {
  if (!isJsonObject(item)) {
    return { path, alias: { value: item, path }, types: "untyped", details: {}, hasSample: false };
  }
  const alias = findAlias(item, "columnName", path, problems);
  return { path, alias, types: findAll(item, "type", path), details: item, hasSample: false };
}

/** A column under its name. */
export function rawMember(key: string, member: unknown, path: string, problems: ProblemList): RawColumn {
  const alias = { value: key, path };
  if (!isJsonObject(member)) {
    return { path, alias, types: [{ value: member, path }], details: {}, hasSample: false };
  }
  noteOtherAlias(member, key, path, problems);
  return { path, alias, types: findAll(member, "type", path), details: member, hasSample: true };
}

/**
 * What an object in a list is called: its `alias`, the platform's word for the name in code; without it, what the
 * other spellings agree on.
 */
export function findAlias(
  object: Readonly<Record<string, unknown>>,
  otherwise: Extract<Key, "columnName" | "tableName">,
  path: string,
  problems: ProblemList,
): Found {
  const aliases = findAll(object, "alias", path);
  const found = aliases.length > 0 ? aliases : findAll(object, otherwise, path);
  const [first = { value: undefined, path: `${path}.alias` }, ...others] = found;
  const other = others.find(({ value }) => value !== first.value);
  if (other !== undefined) {
    const message = `\`${first.path}\` and \`${other.path}\` differ, and either can be the alias.`;
    problems.add(path, message, "Name it by `alias`.");
  }
  return first;
}

/** Notes an object under a name that has another alias inside. */
export function noteOtherAlias(
  object: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
  problems: ProblemList,
): void {
  const other = findAll(object, "alias", path).find(({ value }) => value !== name);
  if (other === undefined) return;
  const message = "It differs from the name under which the object stands; either can be the alias.";
  problems.add(other.path, message, "Make them the same.");
}

/** Names the first member that is not of the shape of the one at the beginning. */
function noteMixture(value: unknown, path: string, problems: ProblemList): void {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const fits = typeof items[0] === "string" ? isText : isJsonObject;
    const index = items.findIndex((item) => !fits(item));
    const expected = fits === isText ? "the name of a column" : "an object with `alias`";
    problems.add(`${path}[${index}]`, `Found ${kindOf(items[index])}; expected ${expected}.`, MEND);
    return;
  }
  if (!isJsonObject(value)) {
    problems.add(path, `Found ${kindOf(value)}; ${EXPECTED}.`, MEND);
    return;
  }
  const members = Object.entries(value);
  const fits = isText(members[0]?.[1]) ? isText : (each: unknown) => isJsonObject(each) && hasType(each);
  const [key = "", wrong] = members.find(([, member]) => !fits(member)) ?? [];
  const found = isJsonObject(wrong) && fits !== isText ? "an object without a type" : kindOf(wrong);
  problems.add(memberPath(path, key), `Found ${found}; ${EXPECTED}.`, MEND);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
