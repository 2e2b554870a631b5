/** Compiles the TypeScript of the gateway and of its page, and puts what is no TypeScript beside the code that uses it. */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
rmSync("dist", { recursive: true, force: true });
for (const project of [".", "src/page/browser"]) {
  const compiled = spawnSync(process.execPath, [tsc, "-p", project], { stdio: "inherit" });
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
}
cpSync("src/page/style", "dist/src/page/style", { recursive: true });
cpSync("src/pool/python", "dist/src/pool/python", {
  recursive: true,
  filter: (from) => !from.includes("__pycache__"),
});
