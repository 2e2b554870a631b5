/** `requirements`: the artifact's libraries for `pip install -r`. */
import { requirements } from "../artifact/requirements.js";
import { withArtifact } from "./with-artifact.js";
import { printOut } from "./print-out.js";

export async function printRequirements(path: string): Promise<void> {
  await printOut(await withArtifact(path, ({ versions }) => requirements(versions)));
}
