/**
 * What a file states about the objects of the platform that the artifact is made from. How it does so is documented nowhere: names,
 * objects, objects inside objects, and objects by their name are all read, into one form.
 */
import { dataTypeOrReason } from "../artifact/data-type.js";
import { memberPath, type ProblemList } from "../problems.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../strict-json.js";
import { objectTypeOf, TYPED_KEYS } from "./object-types.js";
import { firstText, textsOf } from "./json-members.js";

/** Something that an object is made from: a name that has to be looked up, or an object that is described on the spot. */
export interface Use {
  readonly name: string;
  readonly objectType?: string | undefined;
  readonly object?: StatedObject;
}

export interface StatedObject {
  /** By which others speak of it: its `ref`, else its alias, name or id. */
  readonly ref: string;
  /** In code: its alias, else its name. */
  readonly name: string;
  /** Every name that it has. */
  readonly names: readonly string[];
  /** The file, relative to the root, and the place in it. */
  readonly where: string;
  readonly path: string;
  readonly objectType?: string | undefined;
  readonly version?: string | undefined;
  /** The type of its value, as the file spells it. */
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  /** Files that it names, as it names them. */
  readonly files: readonly string[];
  readonly uses: readonly Use[];
  /** All that the file has of it. */
  readonly content: JsonObject;
  /** The folder of a component that has a file of its own. */
  readonly folder?: string | undefined;
}

/** What the reader needs to know of the file. */
export interface StatedReader {
  readonly where: string;
  /** Takes what is not understood. */
  readonly notes: ProblemList;
  /** How many more objects may be read; counted down. */
  readonly budget: { left: number };
}

const KEYS = {
  ref: ["ref", "alias", "name", "id", "key"],
  objectType: ["object_type", "objectType", "kind"],
  version: ["version", "version_number", "versionNumber"],
  type: ["output_type", "outputType", "data_type", "dataType", "dtype"],
  description: ["description", "comment", "doc"],
  table: ["table", "table_alias", "tableAlias"],
  column: ["column", "columns"],
  files: ["file", "files", "path", "paths", "file_name", "filename", "fileName"],
} as const;

/** Keys that hold what something is made from, of whatever type. */
export const USE_KEYS: ReadonlySet<string> = new Set([
  "inputs",
  "input_objects",
  "inputObjects",
  "depends_on",
  "dependsOn",
  "dependencies",
  "parents",
  "upstream",
  "components",
  "tables",
  "columns",
  "arguments",
]);

const REMEDY = "Nothing, if it is no part of the lineage.";
/** Words that say that something is an input of the artifact rather than an object of its own. */
const INPUT_WORDS = /^(data)?(table|column)$|^(input|argument|parameter|runtimeparameter)$/;

/** What a value says that something is made from. */
export function readUses(
  value: JsonValue,
  path: string,
  reader: StatedReader,
  objectType?: string,
): readonly Use[] {
  if (value === null) return [];
  if (reader.budget.left <= 0) return [];
  reader.budget.left -= 1;
  if (reader.budget.left === 0) {
    reader.notes.add(path, "There is more than is read; what follows is left out.", REMEDY);
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => readUses(item, `${path}[${index}]`, reader, objectType));
  }
  if (isJsonObject(value)) return readDescribed(value, path, reader, objectType);
  if (typeof value === "string") {
    const content = contentOfText(value, objectType);
    if (content === undefined) return [{ name: value, objectType }];
    const ref = objectType === "Rag" ? value : path;
    return [{ name: ref, objectType, object: statedObject(content, ref, path, reader, objectType) }];
  }
  if (typeof value === "number" || typeof value === "bigint") return [{ name: String(value), objectType }];
  reader.notes.add(path, "Found what is neither a name nor an object.", REMEDY);
  return [];
}

/** The members of an object that say what it is made from. */
export function usesIn(content: JsonObject, path: string, reader: StatedReader): readonly Use[] {
  return Object.entries(content).flatMap(([key, member]) => {
    const typed = TYPED_KEYS.get(key);
    if (typed === undefined && !USE_KEYS.has(key)) return [];
    return readUses(member, memberPath(path, key), reader, typed);
  });
}

/** The object that `content` describes under the name `ref`. */
export function statedObject(
  content: JsonObject,
  ref: string,
  path: string,
  reader: StatedReader,
  typed?: string,
): StatedObject {
  // A key `type` is the type of the value when it reads as one, else the type of the object.
  const word = firstText(content, ["type"]);
  const isDataType = word !== undefined && typeof dataTypeOrReason(word) !== "string";
  const spelledKind = firstText(content, KEYS.objectType) ?? (isDataType ? undefined : word) ?? typed;
  return {
    ref,
    name: firstText(content, ["alias", "name"]) ?? ref,
    names: [...new Set([ref, ...KEYS.ref.flatMap((key) => textsOf(content[key]))])],
    where: reader.where,
    path,
    objectType: spelledKind === undefined ? undefined : objectTypeOf(spelledKind),
    version: firstText(content, KEYS.version),
    type: firstText(content, KEYS.type) ?? (isDataType ? word : undefined),
    description: firstText(content, KEYS.description),
    files: KEYS.files.flatMap((key) => filesIn(content[key])),
    uses: usesIn(content, path, reader),
    content,
  };
}

function readDescribed(
  content: JsonObject,
  path: string,
  reader: StatedReader,
  typed: string | undefined,
): readonly Use[] {
  const ref = firstText(content, KEYS.ref);
  const table = firstText(content, KEYS.table);
  if (table !== undefined) {
    const columns = KEYS.column.flatMap((key) => textsOf(content[key]));
    const own = columns.length === 0 && ref !== undefined ? [ref] : columns;
    return own.length === 0 ? [{ name: table }] : own.map((column) => ({ name: `${table}.${column}` }));
  }
  if (ref === undefined) return readByName(content, path, reader, typed);
  const object = statedObject(content, ref, path, reader, typed);
  return isInput(object) ? [{ name: ref }] : [{ name: ref, objectType: object.objectType, object }];
}

/** True where the words say that it is an input of the artifact. */
export function isInput({ objectType = "" }: StatedObject): boolean {
  return INPUT_WORDS.test(objectType.toLowerCase().replace(/[^a-z]/g, ""));
}

/** An object whose keys are the names: `{"risk_band": ["score"]}`, `{"features": […]}`, `{"score": "Numerical"}`. */
function readByName(
  content: JsonObject,
  path: string,
  reader: StatedReader,
  typed: string | undefined,
): readonly Use[] {
  return Object.entries(content).flatMap(([key, member]): readonly Use[] => {
    const at = memberPath(path, key);
    const section = TYPED_KEYS.get(key);
    if (section !== undefined || USE_KEYS.has(key)) return readUses(member, at, reader, section);
    const described = contentOf(member, typed);
    if (described === undefined) {
      reader.notes.add(at, "Found a value that says nothing about an object of this name.", REMEDY);
      return [];
    }
    const object = statedObject(described, key, at, reader, typed);
    return [{ name: key, objectType: object.objectType, object }];
  });
}

/** What stands under a name, as an object: a list or another name is what it is made from, a type is its type. */
function contentOf(member: JsonValue, typed: string | undefined): JsonObject | undefined {
  if (isJsonObject(member)) return member;
  if (member === null) return newContent({});
  if (Array.isArray(member)) return newContent({ inputs: member });
  if (typeof member !== "string") return undefined;
  if (typed === "Prompt") return newContent({ text: member });
  const special = contentOfText(member, typed);
  if (special !== undefined) return special;
  const isType = typeof dataTypeOrReason(member) !== "string";
  return newContent(isType ? { type: member } : { inputs: member });
}

/** A prompt's own words, or the path of a file of knowledge, where the name of such an object could stand as well. */
function contentOfText(text: string, typed: string | undefined): JsonObject | undefined {
  if (typed === "Prompt" && /\s/.test(text)) return newContent({ text });
  return typed === "Rag" && /[/.]/.test(text) ? newContent({ file: text }) : undefined;
}

/** An object without a prototype, so that every key is an ordinary one. */
export function newContent(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.assign(Object.create(null) as JsonObject, members);
}

function filesIn(value: JsonValue | undefined): readonly string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    isJsonObject(item) ? KEYS.files.flatMap((key) => textsOf(item[key])) : textsOf(item),
  );
}
