/** Files of knowledge: what a pipeline looks answers up in. */
import type { ArtifactFile } from "../artifact/files.js";
import type { ArtifactContents } from "./artifact-contents.js";
import type { KnowledgeFile } from "./description.js";
import type { StatedObject } from "./stated-objects.js";

const FOLDERS =
  /(^|\/)(knowledge([-_]?(base|files))?|rags?|documents|corpus|vector[-_]?stores?|embeddings)\//i;
/** Code that lies in such a folder looks things up, and is not what is looked up. */
const CODE = /\.(py|pyc|pyi)$/i;
const DESCRIPTIONS = /(^|\/)(metadata|versions|input_info)\.json$/;

/** What the metadata points at comes first, each file once. The batch twin (`pyspark_dataframe`) is not looked through. */
export function findKnowledge(
  objects: readonly StatedObject[],
  contents: ArtifactContents,
): readonly KnowledgeFile[] {
  const found = new Map<string, KnowledgeFile>();
  for (const { objectType, files, where, name } of objects) {
    if (objectType !== "Rag") continue;
    for (const file of files.flatMap((path) => contents.find(path, where))) {
      if (!found.has(file.path)) found.set(file.path, { file, object: name, foundBy: "metadata" });
    }
  }
  for (const file of contents.files) {
    if (!found.has(file.path) && isKnowledge(file)) found.set(file.path, { file, foundBy: "name" });
  }
  return [...found.values()];
}

function isKnowledge({ path }: ArtifactFile): boolean {
  return (
    FOLDERS.test(path) &&
    !CODE.test(path) &&
    !DESCRIPTIONS.test(path) &&
    !path.startsWith("pyspark_dataframe/")
  );
}
