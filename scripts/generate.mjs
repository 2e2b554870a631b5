/** Writes the contract files of the examples into `proto/` and `wsdl/`; with --check, compares instead. */
import { spawnSync } from "node:child_process";

const check = process.argv.includes("--check");
const examples = ["credit_decision", "default_risk", "card_assistant"];
let status = 0;
for (const example of examples) {
  const args = ["dist/src/cli/main.js", "generate", `examples/${example}/artifact`, "--out", "."];
  const run = spawnSync(process.execPath, check ? [...args, "--check"] : args, { stdio: "inherit" });
  status = Math.max(status, run.status ?? 1);
}
if (check && status === 0) console.log("The generated files are up to date.");
process.exit(status);
