/** The name of the service that an artifact becomes. */
import type { Problem } from "../errors.js";
import { METADATA_FILE, type Metadata } from "./metadata.js";
import { shown } from "../problems.js";

const LONGEST_ALIAS = 63;

/**
 * The alias of the metadata, else its name, else the root folder's name, as lower snake case `[a-z][a-z0-9_]*` of at
 * most 63 characters; the first of them that has a letter or digit. It is part of every path, XML namespace and proto
 * package, so an alias that could not stay as it is comes with a warning.
 */
export function artifactAlias(
  metadata: Pick<Metadata, "alias" | "name">,
  rootName: string,
): { readonly alias: string; readonly warning?: Problem } {
  const names = [metadata.alias, metadata.name, rootName].filter((name) => name !== undefined);
  const alias = names.map(snakeCase).find((name) => name !== "") ?? "artifact";
  if (metadata.alias === undefined || metadata.alias === alias) return { alias };
  const message = `\`${shown(metadata.alias)}\` cannot be the name of a service; it is served as \`${alias}\`.`;
  const remedy = "Nothing, if callers may use this name.";
  return { alias, warning: { where: METADATA_FILE, path: "alias", message, remedy } };
}

/** `CreditDecision 2` becomes `credit_decision_2`; empty when no letter or digit is left. */
function snakeCase(name: string): string {
  const words = name
    .slice(0, 1000)
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join("_");
  const alias = /^[0-9]/.test(words) ? `artifact_${words}` : words;
  return alias.slice(0, LONGEST_ALIAS).replace(/_$/, "");
}
