/** `npm run golden`: writes the golden files of descriptions anew. Look at what changed before it is committed. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN_FOLDER, goldenFiles } from "./golden-files.js";

const files = await goldenFiles();
rmSync(GOLDEN_FOLDER, { recursive: true, force: true });
mkdirSync(GOLDEN_FOLDER);
for (const [name, content] of files) writeFileSync(join(GOLDEN_FOLDER, name), content);
