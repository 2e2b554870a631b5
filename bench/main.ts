/** `npm run bench`: measures the gateway beside its peers and writes what came of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { countFailures } from "./measurement.js";
import { parseOptions, USAGE, type Options } from "./options.js";
import { planCases, type PlannedRun } from "./plan-cases.js";
import { plotsOf } from "./report/plots.js";
import { renderReport } from "./report/report.js";
import { runBench } from "./run-bench.js";

/** Compiled, this file is `dist/bench/main.js`. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ARGUMENTS = process.argv.slice(2);

const asked = readArguments();
if (asked === undefined) process.exitCode = 2;
else if (asked.options.help) process.stdout.write(`${USAGE}\n`);
else await bench(asked.options, asked.planned);

/** What is to be done; `undefined` when the arguments are wrong, which has been said by then. */
function readArguments(): { options: Options; planned: PlannedRun } | undefined {
  try {
    const options = parseOptions(ARGUMENTS, join(ROOT, "bench"));
    return { options, planned: planCases(options.pattern) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return undefined;
  }
}

async function bench(options: Options, planned: PlannedRun): Promise<void> {
  const command = ["npm run bench", ...(ARGUMENTS.length === 0 ? [] : ["--", ...ARGUMENTS])].join(" ");
  const run = { ...(await runBench(ROOT, planned, options)), command };
  const plots = plotsOf(run.measurements);
  const report = renderReport(run, plots);
  process.stdout.write(report);
  if (options.out !== undefined) {
    mkdirSync(join(options.out, "plots"), { recursive: true });
    writeFileSync(join(options.out, "results.md"), report);
    writeFileSync(join(options.out, "results.json"), `${JSON.stringify(run, null, 2)}\n`);
    for (const { file, svg } of plots) writeFileSync(join(options.out, file), svg);
  }
  // A fast wrong answer is worth nothing: the run says so to whoever started it.
  const failed = [...run.measurements.map(countFailures), ...run.findings.map(({ failures }) => failures)];
  if (failed.some((count) => count > 0)) process.exitCode = 1;
}
