/**
 * `node scripts/run-tests.mjs test|interop|platform`: runs compiled test files of `dist/test/` and says at the end what
 * ran, what was skipped and why. Every SOAP message that a server of any test answered is then held against the rules for
 * messages. Exit code 1 when a test fails, when a message breaks a rule, when a file holds no test and when there is no file.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { finished } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { pathToFileURL } from "node:url";
import { prepareInterop } from "./prepare-interop.mjs";

const ROOT = resolve("dist/test");
/** Folders with a command of their own, because they need more than Node and Python. */
const APART = ["interop", "platform"];
/** Longest time one file may take, in milliseconds: a test that hangs must not hold up a build for ever. */
const FILE_TIMEOUT_MS = 10 * 60_000;

const suite = process.argv[2] ?? "";
if (suite !== "test" && !APART.includes(suite)) {
  console.error(`usage: node scripts/run-tests.mjs test|${APART.join("|")}`);
  process.exit(2);
}
if (suite === "platform" && !existsSync("test/platform")) {
  console.log("test/platform does not exist: there is nothing to run.");
  process.exit(0);
}
const files = filesOf(suite);
if (files.length === 0) {
  console.error(`No test file is in ${ROOT} for "${suite}". Is the build complete?`);
  process.exit(1);
}
if (suite === "interop") prepareOrExit();
const records = recordMessages();
await runFiles(files);
await judgeMessages(records);

/** Has every Node process of the run, those that tests start included, write down its SOAP exchanges. */
function recordMessages() {
  const folder = mkdtempSync(join(tmpdir(), "messages-"));
  const recorder = pathToFileURL(join(ROOT, "support/messages/record.js")).href;
  process.env.MESSAGE_RECORDS = folder;
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import=${recorder}`.trim();
  return folder;
}

async function judgeMessages(folder) {
  const { judgeRecords } = await import(pathToFileURL(join(ROOT, "support/messages/judge.js")).href);
  const { exchanges, validated, broken } = judgeRecords(folder);
  rmSync(folder, { recursive: true });
  for (const [breach, shown] of broken) console.log(`\n${breach}\n${shown.join("\n--\n")}`);
  console.log(
    `${exchanges} different SOAP exchanges, ${validated} of them held against the served WSDL: ` +
      `${broken.size} rules broken`,
  );
  // A run that has captured nothing has shown nothing.
  if (broken.size > 0 || (exchanges === 0 && suite !== "platform")) process.exitCode = 1;
}

function prepareOrExit() {
  try {
    prepareInterop();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function filesOf(name) {
  if (!existsSync(ROOT)) return [];
  return readdirSync(ROOT, { recursive: true })
    .filter((path) => path.endsWith(".test.js"))
    .filter((path) => {
      const top = path.split(sep)[0];
      return name === "test" ? !APART.includes(top) : top === name;
    })
    .map((path) => join(ROOT, path))
    .sort();
}

async function runFiles(paths) {
  // Test files start gateways with Python processes of their own: as many files at once as cores would crowd them.
  const concurrency = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
  const counts = { passed: 0, failed: 0, skipped: [], empty: [] };
  const stream = run({ files: paths, concurrency, timeout: FILE_TIMEOUT_MS });
  const take = (data, outcome) => {
    if (data.details.type === "suite" && outcome === "passed") return;
    if (data.skip !== undefined) counts.skipped.push(data);
    // Node reports a file itself as a test when it holds none, and when its process fails beside its tests.
    else if (outcome === "passed" && paths.includes(resolve(data.name))) counts.empty.push(data.name);
    else counts[outcome] += 1;
  };
  stream.on("test:pass", (data) => take(data, "passed"));
  stream.on("test:fail", (data) => take(data, "failed"));
  const report = stream.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await finished(report);

  const { passed, failed, skipped, empty } = counts;
  for (const path of empty) console.log(`No test in ${relative(".", path)}`);
  for (const { name, skip } of skipped) {
    console.log(`Skipped: ${name}${typeof skip === "string" ? `: ${skip}` : ""}`);
  }
  console.log(
    `${paths.length} files, ${passed} tests passed, ${failed} failed, ${skipped.length} skipped, ` +
      `${empty.length} files without a test`,
  );
  if (failed > 0 || empty.length > 0 || passed === 0) process.exitCode = 1;
}
