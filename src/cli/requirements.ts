/** `requirements`: the artifact's libraries for `pip install -r`. */
import { requirements } from "../artifact/requirements.js";
import { withArtifact } from "./with-artifact.js";

export async function printRequirements(path: string): Promise<void> {
  process.stdout.write(await withArtifact(path, ({ versions }) => requirements(versions)));
}
