/** The settings of language models: in files of their own, in the metadata, or at the object that is the model. */
import { basename } from "node:path/posix";
import { memberPath } from "../problems.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../strict-json.js";
import type { ArtifactContents } from "./artifact-contents.js";
import type { FoundBy, LlmSetting, LlmSettings, Source } from "./description.js";
import { areSettings, isSecret, settingName } from "./setting-names.js";
import type { StatedObject } from "./stated-objects.js";

/** Keys that hold settings, in the metadata or at a model. */
export const SETTINGS_KEYS: ReadonlySet<string> = new Set(
  [
    "llm",
    "model",
    "generation",
    "inference",
    "completion",
    "chat",
    "sampling",
    "foundation_model",
    "foundationModel",
  ]
    .flatMap((word) =>
      ["settings", "config", "parameters", "params", "options"].flatMap((what) => [
        `${word}_${what}`,
        `${word}${what.charAt(0).toUpperCase()}${what.slice(1)}`,
      ]),
    )
    .concat("llm", "foundation_model", "foundationModel"),
);

/** Keys that hold settings at a model, where they can mean nothing else. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  ...SETTINGS_KEYS,
  "settings",
  "config",
  "parameters",
  "params",
  "options",
]);

const FILE_NAME =
  /^(llm|model|generation|inference|completion|chat|sampling)[-_]?(settings|config|parameters|params|options)\.(json|ya?ml|toml|ini)$/i;

/** Most settings of one model, and most models: nobody has more. */
const MOST_SETTINGS = 200;
const MOST_MODELS = 200;

/**
 * What the metadata points at comes first; a file is read once. Files in the batch twin (`pyspark_dataframe`) are not looked
 * through.
 * @param metadata members of `metadata.json`
 */
export async function findLlmSettings(
  objects: readonly StatedObject[],
  metadata: { readonly content: JsonObject; readonly where: string },
  contents: ArtifactContents,
): Promise<readonly LlmSettings[]> {
  const found: LlmSettings[] = [];
  const seen = new Set<string>();
  const readFile = async (path: string, name: string | undefined, foundBy: FoundBy): Promise<void> => {
    const file = contents.files.find((one) => one.path === path);
    if (file === undefined || seen.has(path)) return;
    const json = path.endsWith(".json") ? await contents.json(file) : undefined;
    const models =
      json === undefined ? [] : modelsIn(json, { file: path, path: "" }, name ?? basename(path), foundBy);
    const isNamed = foundBy === "metadata" || FILE_NAME.test(basename(path));
    const isTelling =
      json !== undefined && objectsIn(json).some(({ content }) => areSettings(Object.keys(content)));
    if (!isNamed && !isTelling) return;
    seen.add(path);
    const empty: LlmSettings = {
      name: name ?? basename(path),
      source: { file: path, path: "" },
      foundBy,
      settings: [],
    };
    found.push(...(models.length === 0 ? [empty] : models));
  };
  for (const object of objects.filter(({ objectType }) => objectType === "FoundationModel")) {
    for (const name of object.files) {
      for (const { path } of contents.find(name, object.where)) await readFile(path, object.name, "metadata");
    }
    found.push(...ownSettings(object));
  }
  for (const [key, value] of Object.entries(metadata.content)) {
    if (!SETTINGS_KEYS.has(key)) continue;
    found.push(...modelsIn(value, { file: metadata.where, path: memberPath("", key) }, key, "metadata"));
  }
  for (const { path } of contents.files) {
    if (found.length >= MOST_MODELS) break;
    if (path.startsWith("pyspark_dataframe/")) continue;
    if (FILE_NAME.test(basename(path))) await readFile(path, undefined, "name");
    else if (path.endsWith(".json")) await readFile(path, undefined, "content");
  }
  return found.slice(0, MOST_MODELS);
}

/** Settings that stand at a model itself, or under a key of it. */
function ownSettings({ content, where, path, name }: StatedObject): readonly LlmSettings[] {
  const under = Object.entries(content).flatMap(([key, value]) =>
    OWN_KEYS.has(key) && isJsonObject(value)
      ? modelsIn(value, { file: where, path: memberPath(path, key) }, name, "metadata")
      : [],
  );
  const known = Object.entries(content).filter(([key]) => {
    const word = settingName(key);
    return word !== undefined && word !== "base_url" && word !== "n";
  });
  if (known.length === 0) return under;
  const own = known.map(([key, value]) => settingOf(key, value));
  return [{ name, source: { file: where, path }, foundBy: "metadata", settings: own }, ...under];
}

/** One for an object with settings, or one for each of several models by name or in a list. */
function modelsIn(json: JsonValue, source: Source, name: string, foundBy: FoundBy): readonly LlmSettings[] {
  return objectsIn(json)
    .slice(0, MOST_MODELS)
    .map(({ content, key }) => ({
      name: key === undefined ? name : `${name} ${key}`,
      source: key === undefined ? source : { ...source, path: memberPath(source.path, key) },
      foundBy,
      settings: Object.entries(content)
        .slice(0, MOST_SETTINGS)
        .map(([member, value]) => settingOf(member, value)),
    }));
}

function objectsIn(json: JsonValue): readonly { readonly content: JsonObject; readonly key?: string }[] {
  if (Array.isArray(json)) {
    return json.flatMap((content, index) => (isJsonObject(content) ? [{ content, key: String(index) }] : []));
  }
  if (!isJsonObject(json)) return [];
  const members = Object.entries(json);
  const isByModel =
    members.length > 0 &&
    members.every(([key, member]) => settingName(key) === undefined && isJsonObject(member)) &&
    members.some(([, member]) => isJsonObject(member) && areSettings(Object.keys(member)));
  if (!isByModel) return [{ content: json }];
  return members.flatMap(([key, content]) => (isJsonObject(content) ? [{ content, key }] : []));
}

function settingOf(key: string, value: JsonValue): LlmSetting {
  const name = settingName(key);
  const setting = { name: name ?? key, key, isKnown: name !== undefined };
  return isSecret(key) || hasPassword(value) ? setting : { ...setting, value: withoutSecrets(value) };
}

/** `https://user:password@host` */
function hasPassword(value: JsonValue): boolean {
  return typeof value === "string" && /\/\/[^/@]*:[^/@]*@/.test(value);
}

function withoutSecrets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !isSecret(key));
  return Object.assign(
    Object.create(null) as JsonObject,
    Object.fromEntries(kept.map(([key, member]) => [key, withoutSecrets(member)])),
  );
}
