/** Components: folders inside the artifact that have a `metadata.json` of their own. */
import { dirname } from "node:path/posix";
import type { ArtifactFile } from "../artifact/files.js";
import { INPUT_INFO_FILE, normaliseInputInfo } from "../artifact/input-info.js";
import { METADATA_FILE } from "../artifact/metadata.js";
import { Refusal } from "../errors.js";
import type { ProblemList } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import type { ArtifactContents } from "./artifact-contents.js";
import type { Component } from "./description.js";
import { firstText } from "./json-members.js";
import { statedObject, type StatedObject, type StatedReader } from "./stated-objects.js";

export interface FoundComponent {
  readonly component: Component;
  readonly object: StatedObject;
}

const MOST_COMPONENTS = 1000;
/** The engines have the root's metadata; one of their own says nothing of a part. */
const ENGINES: ReadonlySet<string> = new Set(["python_dict", "pyspark_dataframe"]);
const ENTRIES = ["python_dict/__init__.py", "python_dict.py", "__init__.py", "main.py"];
const DEFINES_MAIN =
  /^(?:async[ \t]+)?def[ \t]+main\b|^main[ \t]*[:=]|^from[ \t]+\S+[ \t]+import[ \t]+[^\n]{0,500}\bmain\b/m;
const REMEDY = "Nothing, if the artifact runs without it.";

/** In the order of their folders. */
export async function findComponents(
  contents: ArtifactContents,
  reader: Omit<StatedReader, "where">,
): Promise<readonly FoundComponent[]> {
  const found: FoundComponent[] = [];
  for (const file of contents.files) {
    const folder = dirname(file.path);
    if (!file.path.endsWith(`/${METADATA_FILE}`)) continue;
    if (ENGINES.has(folder)) {
      reader.notes.add(file.path, "It is not read: the folder is an engine, not a component.", REMEDY);
      continue;
    }
    if (found.length >= MOST_COMPONENTS) {
      reader.notes.add(file.path, `There are more than ${MOST_COMPONENTS} components.`, REMEDY);
      break;
    }
    const component = await readComponent(file, folder, contents, reader);
    if (component === undefined) reader.notes.add(file.path, "It is not JSON with an object.", REMEDY);
    else found.push(component);
  }
  return found;
}

async function readComponent(
  file: ArtifactFile,
  folder: string,
  contents: ArtifactContents,
  reader: Omit<StatedReader, "where">,
): Promise<FoundComponent | undefined> {
  const content = await contents.json(file);
  if (!isJsonObject(content)) return undefined;
  const ref = firstText(content, ["ref", "alias", "name", "id"]) ?? folder;
  const stated = statedObject(content, ref, "", { ...reader, where: file.path });
  const object: StatedObject = { ...stated, folder, files: [] };
  const own = contents.files.filter(({ path }) => path.startsWith(`${folder}/`));
  const entry = ENTRIES.map((name) => own.find(({ path }) => path === `${folder}/${name}`)).find(Boolean);
  const { name, objectType, version, description, uses } = object;
  const stateds = { objectType, version, description, entry: entry?.path };
  return {
    object,
    component: {
      ref,
      folder,
      name,
      ...Object.fromEntries(Object.entries(stateds).filter(([, value]) => value !== undefined)),
      hasMain: entry !== undefined && DEFINES_MAIN.test((await contents.text(entry)) ?? ""),
      uses: uses.map((use) => use.name),
      inputs: await inputsOf(folder, contents, reader.notes),
      files: own.length,
      bytes: own.reduce((sum, { size }) => sum + size, 0),
    },
  };
}

/** The tables and arguments of its own `input_info.json`. */
async function inputsOf(
  folder: string,
  contents: ArtifactContents,
  notes: ProblemList,
): Promise<readonly string[]> {
  const path = `${folder}/${INPUT_INFO_FILE}`;
  const file = contents.files.find((one) => one.path === path);
  const json = file === undefined ? undefined : await contents.json(file);
  if (json === undefined) return [];
  try {
    const { tables, arguments: args } = normaliseInputInfo(json);
    return [...tables, ...args].map(({ alias }) => alias);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notes.add(path, "It is not understood.", REMEDY);
    return [];
  }
}
