/** Compiles the TypeScript and puts the Python host beside the code that starts it. */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
rmSync("dist", { recursive: true, force: true });
const compiled = spawnSync(process.execPath, [tsc, "-p", "."], { stdio: "inherit" });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
cpSync("src/pool/python", "dist/src/pool/python", {
  recursive: true,
  filter: (from) => !from.includes("__pycache__"),
});
