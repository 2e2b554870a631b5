/** The files of an artifact for those who describe it: found by the names that other files have for them, and read in bounds. */
import { readArtifactFile } from "../artifact/artifact-file.js";
import type { ArtifactFile } from "../artifact/files.js";
import { Refusal } from "../errors.js";
import { parseStrictJson, type JsonValue } from "../strict-json.js";
import type { ProblemList } from "../problems.js";
import { shown } from "../problems.js";

export interface ArtifactContents {
  readonly files: readonly ArtifactFile[];
  /**
   * The files that a name in the file `where` means: of the folder of that file, else of the root, else of `python_dict`; all of a
   * folder. None when there is no such file, which is noted.
   */
  find(name: string, where: string): readonly ArtifactFile[];
  /** The text; undefined when the file is too large, is not UTF-8, or all that may be read has been read. */
  text(file: ArtifactFile): Promise<string | undefined>;
  /** The same as JSON; undefined also when it is none. */
  json(file: ArtifactFile): Promise<JsonValue | undefined>;
}

/** Largest file that is read for a description; larger ones are named only. */
const MOST_TEXT_BYTES = 1024 ** 2;
/** Bytes of all files that are read. */
const MOST_READ_BYTES = 64 * 1024 ** 2;
/** Names that are looked up; each may mean walking through all files. */
const MOST_LOOKUPS = 1000;

const REMEDY = "Nothing, if it is not needed; else export the artifact again, with all of its files.";

export function artifactContents(
  root: string,
  files: readonly ArtifactFile[],
  notes: ProblemList,
): ArtifactContents {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const texts = new Map<string, Promise<string | undefined>>();
  let bytesLeft = MOST_READ_BYTES;
  let lookupsLeft = MOST_LOOKUPS;
  const read = async (file: ArtifactFile): Promise<string | undefined> => {
    if (file.size > Math.min(MOST_TEXT_BYTES, bytesLeft)) return undefined;
    bytesLeft -= file.size;
    return decoded(await readArtifactFile(root, file));
  };
  const text = (file: ArtifactFile): Promise<string | undefined> => {
    const known = texts.get(file.path) ?? read(file);
    texts.set(file.path, known);
    return known;
  };
  return {
    files,
    text,
    find: (name, where) => {
      lookupsLeft -= 1;
      if (lookupsLeft < 0) return [];
      const folder = where.slice(0, where.lastIndexOf("/") + 1);
      const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
      for (const candidate of [folder + path, path, `python_dict/${path}`]) {
        const file = byPath.get(candidate);
        if (file !== undefined) return [file];
        const inside = path === "" ? [] : files.filter((one) => one.path.startsWith(`${candidate}/`));
        if (inside.length > 0) return inside;
      }
      notes.add(shown(name), `The file is named in ${shown(where)} and is not in the artifact.`, REMEDY);
      return [];
    },
    json: async (file) => {
      const content = await text(file);
      if (content === undefined) return undefined;
      try {
        return parseStrictJson(Buffer.from(content), file.path);
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
    },
  };
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
