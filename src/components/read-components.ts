/** The components of an artifact, each with what it takes to run it by itself. */
import { dirname } from "node:path/posix";
import { METADATA_FILE } from "../artifact/metadata.js";
import type { Artifact } from "../artifact/read-artifact.js";
import { artifactContents } from "../describe/artifact-contents.js";
import { findComponents, type FoundComponent } from "../describe/components.js";
import { problemList } from "../problems.js";

/** A component, whether it can be run or not. */
export interface Component {
  /** By which its file wants it to be named. */
  readonly ref: string;
  /** Every name that it has: its ref, alias, name, id, and the alias of its answer. */
  readonly names: readonly string[];
  /** Relative to the root. */
  readonly folder: string;
  /** Where Python finds its `main()`, below the root, without `/__init__.py` or `.py`; undefined when it has no such module. */
  readonly module: string | undefined;
  /** False when the text of the module shows no `main()`; Python alone knows for certain. */
  readonly showsMain: boolean;
  /** The tables and arguments of its own `input_info.json`, else what its `metadata.json` says it is made from. */
  readonly needs: readonly string[];
  readonly found: FoundComponent;
}

/** Names that are read of all files together; nobody's artifact has more. */
const MOST_STATED = 100_000;
const OUTPUT_ALIASES = ["output_alias", "outputAlias"];

/**
 * In the order of their folders.
 * @throws Refusal `artifact` when a file changed since the artifact was opened
 */
export async function readComponents({
  root,
  files,
}: Pick<Artifact, "root" | "files">): Promise<readonly Component[]> {
  const notes = problemList(METADATA_FILE);
  const contents = artifactContents(root, files, notes);
  const found = await findComponents(contents, { notes, budget: { left: MOST_STATED } });
  return found.map(componentOf);
}

function componentOf(found: FoundComponent): Component {
  const { component, object } = found;
  const { ref, folder, name, entry, inputs, uses } = component;
  const aliases = OUTPUT_ALIASES.map((key) => object.content[key]).filter(
    (alias) => typeof alias === "string",
  );
  return {
    ref,
    names: [...new Set([ref, name, ...object.names, ...aliases])],
    folder,
    module: entry === undefined ? undefined : moduleOf(entry),
    showsMain: component.hasMain,
    needs: inputs.length > 0 ? inputs : uses,
    found,
  };
}

function moduleOf(entry: string): string {
  return entry.endsWith("/__init__.py") ? dirname(entry) : entry.replace(/\.py$/, "");
}
