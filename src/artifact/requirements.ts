/** The libraries of an artifact as a pip requirements file. */
import { problemList, shown } from "../problems.js";
import type { Versions } from "./versions.js";

/** A name by PEP 508; nothing in it can begin an option, a URL or a comment. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;

/** A version by PEP 440, appendix B. */
const VERSION = new RegExp(
  "^v?(?:[0-9]+!)?[0-9]+(?:\\.[0-9]+)*" +
    "(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?[0-9]*)?" +
    "(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?(?:[-_.]?dev[-_.]?[0-9]*)?" +
    "(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$",
  "i",
);
const LONGEST_VERSION = 100;

/**
 * One `name==version` line per library, names normalised by PEP 503 and sorted; an empty text for none.
 * @throws Refusal naming every library whose name or version pip would read as something else, or that is pinned twice
 */
export function requirements(versions: Versions): string {
  const problems = problemList("versions.json");
  const pinned = new Map<string, string>();
  for (const { name, version } of versions.libraries) {
    const normal = name.toLowerCase().replace(/[-_.]+/g, "-");
    const remedy = "Write this line of the requirements by hand.";
    if (!NAME.test(name)) problems.add("", `\`${shown(name)}\` is not the name of a Python package.`, remedy);
    else if (version.length > LONGEST_VERSION || !VERSION.test(version)) {
      problems.add(normal, `\`${shown(version)}\` is not a version by PEP 440.`, remedy);
    } else if ((pinned.get(normal) ?? version) !== version) {
      problems.add(normal, "The library is there with two versions.", remedy);
    } else pinned.set(normal, version);
  }
  problems.refuse();
  return [...pinned]
    .map(([name, version]) => `${name}==${version}\n`)
    .sort()
    .join("");
}
