/** Finds the one artifact below a folder. */
import { join, relative } from "node:path";
import { refusal, shown } from "../problems.js";
import { LIMIT_REMEDY, type ArtifactLimits } from "./artifact-limits.js";
import { listFolder } from "./files.js";

/** What marks the root: the inputs, or the code as a package or, in the older flat layout, as a module. */
const MARKS: ReadonlySet<string> = new Set(["input_info.json", "python_dict", "python_dict.py"]);
const DEEPEST_ROOT = 2;
const MOST_NAMED = 10;
const EXPECTED =
  "one folder, at most two levels down, that holds input_info.json, python_dict or python_dict.py";

/**
 * The one folder, at most two levels below `base`, that holds one of the marks; its inside is not searched.
 * @param where name of the folder or archive in messages
 * @throws Refusal when there is none, or several: then with their paths
 */
export async function findRoot(base: string, where: string, limits: ArtifactLimits): Promise<string> {
  const roots: string[] = [];
  let level = [base];
  let entries = 0;
  for (let depth = 0; depth <= DEEPEST_ROOT; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      const children = await listFolder(folder, where);
      entries += children.length;
      if (entries > limits.maxEntries) {
        throw refusal(where, "", `It has more than ${limits.maxEntries} entries.`, LIMIT_REMEDY);
      }
      if (children.some((child) => MARKS.has(child.name))) roots.push(folder);
      else {
        below.push(
          ...children.filter((child) => child.isDirectory()).map((child) => join(folder, child.name)),
        );
      }
    }
    level = below;
  }
  const [root] = roots;
  if (root === undefined) {
    throw refusal(
      where,
      "",
      `No artifact is in it; expected ${EXPECTED}.`,
      "Give the folder of the artifact.",
    );
  }
  if (roots.length > 1) {
    const named = roots.slice(0, MOST_NAMED).map((each) => `\`${shown(relative(base, each))}\``);
    const list = `${named.sort().join(", ")}${roots.length > MOST_NAMED ? ", …" : ""}`;
    const message = `${roots.length} artifacts are in it (${list}); expected ${EXPECTED}.`;
    throw refusal(where, "", message, "Give the folder of the one to be used.");
  }
  return root;
}
