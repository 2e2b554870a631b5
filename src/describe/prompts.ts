/** Prompt templates: those the metadata names or holds, and files that are prompts by their name or folder. */
import { basename, extname } from "node:path/posix";
import type { ArtifactFile } from "../artifact/files.js";
import { memberPath, type ProblemList } from "../problems.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../strict-json.js";
import type { ArtifactContents } from "./artifact-contents.js";
import type { FoundBy, Prompt, Source } from "./description.js";
import { firstText } from "./json-members.js";
import { readUses, type StatedObject } from "./stated-objects.js";

const TEXT_KEYS = [
  "text",
  "template",
  "content",
  "prompt",
  "prompt_text",
  "promptText",
  "prompt_template",
  "promptTemplate",
];
const MESSAGE_KEYS = ["messages", "chat"];
/** Parts of a prompt that have a key for each role. */
const ROLE_KEYS = ["system", "user", "assistant", "system_prompt", "user_prompt"];

const FOLDERS = /(^|\/)(prompts?|prompt_templates?)\//i;
const TEXT_FILE = /\.(txt|md|j2|jinja2?|prompt|tmpl|tpl|mustache|hbs)$/i;
const LIST_FILE = /^prompts?(_templates?)?\.json$/i;

const MOST_PROMPTS = 500;
const MOST_PLACEHOLDERS = 100;
/** `{{ name }}`, `${name}`, `{name}` or `$name`; `$$` and `{{{` are the character itself somewhere. */
const PLACEHOLDER =
  /\{\{-?\s{0,20}([A-Za-z_][\w.]{0,99})[^{}]{0,200}\}\}|\$?\{([A-Za-z_]\w{0,99})(?:![rsa])?(?::[^{}]{0,50})?\}|\$([A-Za-z_]\w{0,99})/g;

/** What the metadata points at comes first; each file is read once. The batch twin (`pyspark_dataframe`) is not looked through. */
export async function findPrompts(
  objects: readonly StatedObject[],
  contents: ArtifactContents,
  notes: ProblemList,
): Promise<readonly Prompt[]> {
  const found: Prompt[] = [];
  const seen = new Set<string>();
  const addFile = async (file: ArtifactFile, foundBy: FoundBy, object?: StatedObject): Promise<void> => {
    if (seen.has(file.path)) return;
    seen.add(file.path);
    if (file.path.endsWith(".json")) {
      found.push(...(await promptsInList(file, foundBy, contents, notes)));
      return;
    }
    const name = object?.name ?? basename(file.path, extname(file.path));
    const text = await contents.text(file);
    found.push(promptOf(name, { file: file.path, path: "" }, foundBy, text, object?.version));
  };
  for (const object of objects.filter(({ objectType }) => objectType === "Prompt")) {
    for (const name of object.files) {
      for (const file of contents.find(name, object.where)) await addFile(file, "metadata", object);
    }
    found.push(...inlinePrompts(object, "metadata"));
  }
  for (const file of contents.files) {
    if (found.length >= MOST_PROMPTS) break;
    const { path } = file;
    if (path.startsWith("pyspark_dataframe/")) continue;
    const isText = TEXT_FILE.test(path) && (FOLDERS.test(path) || /prompt/i.test(basename(path)));
    if (isText || LIST_FILE.test(basename(path))) await addFile(file, "name");
  }
  return found.slice(0, MOST_PROMPTS);
}

/** A JSON file of prompts, by name or in a list. */
async function promptsInList(
  file: ArtifactFile,
  foundBy: FoundBy,
  contents: ArtifactContents,
  notes: ProblemList,
): Promise<readonly Prompt[]> {
  const json = await contents.json(file);
  const reader = { where: file.path, notes, budget: { left: MOST_PROMPTS } };
  const objects = json === undefined ? [] : readUses(json, "", reader, "Prompt").map(({ object }) => object);
  const prompts = objects.flatMap((object) => (object === undefined ? [] : inlinePrompts(object, foundBy)));
  if (prompts.length > 0) return prompts;
  const name = basename(file.path, extname(file.path));
  return [promptOf(name, { file: file.path, path: "" }, foundBy, await contents.text(file))];
}

/** The words that stand at the object itself: as one text, as messages with roles, or under a key for each role. */
function inlinePrompts(object: StatedObject, foundBy: FoundBy): readonly Prompt[] {
  const { name, where, path, version, content } = object;
  const key = TEXT_KEYS.find((each) => firstText(content, [each]) !== undefined);
  const source = { file: where, path: memberPath(path, key ?? "") };
  const one = key === undefined ? [] : [promptOf(name, source, foundBy, firstText(content, [key]), version)];
  const messages = MESSAGE_KEYS.flatMap((key) => {
    const list: JsonValue = content[key] ?? null;
    if (!Array.isArray(list)) return [];
    return list.flatMap((message, index) => {
      const source = { file: where, path: `${memberPath(path, key)}[${index}]` };
      return messageOf(message, name, source, foundBy, version);
    });
  });
  const roles = ROLE_KEYS.flatMap((key) => {
    const words = firstText(content, [key]);
    if (words === undefined) return [];
    const source = { file: where, path: memberPath(path, key) };
    return [{ ...promptOf(name, source, foundBy, words, version), role: key.replace("_prompt", "") }];
  });
  return [...one, ...messages, ...roles];
}

function messageOf(
  message: JsonValue,
  name: string,
  source: Source,
  foundBy: FoundBy,
  version: string | undefined,
): readonly Prompt[] {
  if (typeof message === "string") return [promptOf(name, source, foundBy, message, version)];
  if (!isJsonObject(message)) return [];
  const text = firstText(message, TEXT_KEYS);
  const role = roleOf(message);
  return text === undefined ? [] : [{ ...promptOf(name, source, foundBy, text, version), ...role }];
}

function roleOf(message: JsonObject): { readonly role?: string } {
  const role = firstText(message, ["role", "type"]);
  return role === undefined ? {} : { role };
}

function promptOf(
  name: string,
  source: Source,
  foundBy: FoundBy,
  text: string | undefined,
  version?: string,
): Prompt {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    source,
    foundBy,
    ...(text === undefined ? {} : { text }),
    placeholders: text === undefined ? [] : placeholdersIn(text),
  };
}

/** Each once, in the order in which they come. */
function placeholdersIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (const [, braces, brace, dollar] of text.matchAll(PLACEHOLDER)) {
    const name = braces ?? brace ?? dollar;
    if (name !== undefined) names.add(name);
    if (names.size >= MOST_PLACEHOLDERS) break;
  }
  return [...names];
}
