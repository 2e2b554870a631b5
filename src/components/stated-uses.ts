/** What the files of an artifact say of which component uses which. */
import type { Artifact } from "../artifact/read-artifact.js";
import type { Service } from "../contract/model.js";
import { describeArtifact } from "../describe/describe-artifact.js";
import { nodesById } from "../lineage/graph.js";

/**
 * For the folder of each component the folders of those that it uses, by its own file or by a graph of the artifact's.
 * @throws Refusal `artifact` when a file changed since the artifact was opened
 */
export async function statedUses(
  artifact: Artifact,
  service: Service,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { lineage } = await describeArtifact(artifact, { service });
  const nodes = nodesById(lineage);
  const uses = new Map<string, Set<string>>();
  for (const { source, target, origin } of lineage.edges) {
    const used = nodes.get(source)?.folder;
    const user = nodes.get(target)?.folder;
    if (used === undefined || user === undefined || origin !== "stated") continue;
    const known = uses.get(user);
    if (known === undefined) uses.set(user, new Set([used]));
    else known.add(used);
  }
  return uses;
}
