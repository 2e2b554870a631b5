/** Function arguments: named single values that `main()` takes beside or instead of tables (V8, V9). */
import { memberPath } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import type { InputColumn } from "./input-model.js";
import { isEmptyContainer } from "./json-kind.js";
import type { Reading } from "./one-way.js";
import { columnShape, hasType, listRawColumns, rawMember, type RawColumn } from "./raw-columns.js";
import { CORRECT, readColumns, type Aliases } from "./read-columns.js";
import { COLUMN_KEYS, findAll, type Found } from "./spellings.js";

/**
 * What the platform hands to the code by itself and therefore leaves out of the inputs, by kind of object; `*` is any.
 * An argument of that name on another kind of object is an input like any other.
 */
const HANDED_BY_PLATFORM: ReadonlyMap<string, readonly string[]> = new Map([
  ["cache", ["*"]],
  ["model", ["model", "foundationmodel"]],
  ["prompt", ["prompt"]],
]);

/**
 * The arguments in their order: that of `inputOrder` where every one has it, else that of the file.
 * @param found a list or an object
 * @param objectType what the metadata calls the artifact, if anything
 */
export function readArguments(
  found: Found,
  objectType: string | undefined,
  aliases: Aliases,
  reading: Reading,
): InputColumn[] {
  const asked = listArguments(found, reading).filter(
    (argument) => !isHandedByPlatform(argument, objectType, reading),
  );
  return readColumns(inOrder(asked, reading), "argument", aliases, reading);
}

function listArguments({ value, path }: Found, { problems }: Reading): RawColumn[] {
  if (isEmptyContainer(value)) return [];
  // By name, a type in words and an object may stand side by side.
  if (isJsonObject(value) && Object.values(value).every(isArgument)) {
    return Object.entries(value).map(([name, member]) =>
      rawMember(name, member, memberPath(path, name), problems),
    );
  }
  return listRawColumns(value, columnShape(value), path, problems);
}

/** True for a type in words, and for an object that says a type, what belongs to it, and nothing else. */
export function isArgument(value: unknown): boolean {
  if (typeof value === "string") return true;
  return isJsonObject(value) && hasType(value) && Object.keys(value).every((key) => COLUMN_KEYS.has(key));
}

function isHandedByPlatform(
  { alias, path }: RawColumn,
  objectType: string | undefined,
  { warnings }: Reading,
): boolean {
  const kinds = typeof alias.value === "string" ? HANDED_BY_PLATFORM.get(alias.value) : undefined;
  const kind = (objectType ?? "").toLowerCase().replace(/[^a-z]/g, "");
  if (kinds === undefined || !(kinds.includes("*") || kinds.includes(kind))) return false;
  const message = "The platform hands this argument over by itself; callers are not asked for it.";
  warnings.add(path, message, "Nothing, if main() has a default for it.");
  return true;
}

function inOrder(raw: readonly RawColumn[], { problems }: Reading): readonly RawColumn[] {
  const placed = raw.flatMap((argument) => {
    const [order] = findAll(argument.details, "order", argument.path);
    if (order === undefined) return [];
    if (typeof order.value === "number" && Number.isSafeInteger(order.value)) {
      return [{ argument, place: order.value }];
    }
    problems.add(order.path, "Expected a whole number.", CORRECT);
    return [];
  });
  if (placed.length !== raw.length) return raw;
  placed.sort((one, other) => one.place - other.place);
  const twice = placed.find(({ place }, index) => placed[index + 1]?.place === place);
  if (twice !== undefined) {
    problems.add(twice.argument.path, "Another argument has the same place in the order.", CORRECT);
  }
  return placed.map(({ argument }) => argument);
}
