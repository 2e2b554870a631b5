/**
 * `npm run fuzz -- [--seconds N] [--seed S] [--target NAME]`: fuzzes one target, or all in turn, and keeps what fails. Exit code 1
 * when something does.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.js";
import { openTarget, TARGETS, type TargetName } from "./fuzz-target.js";
import { keepCase } from "./kept-cases.js";

/** How much the memory in use may grow over a run, in megabytes: the corpus and compiled code, not what inputs leave behind. */
const MOST_GROWTH_MB = 64;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string" },
  },
});
const names = values.target === undefined ? TARGETS : TARGETS.filter((name) => name === values.target);
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (names.length === 0 || !(seconds > 0) || !Number.isInteger(seed)) {
  process.stderr.write(`usage: npm run fuzz -- [--seconds N] [--seed S] [--target ${TARGETS.join("|")}]\n`);
  process.exitCode = 2;
} else {
  let failures = 0;
  for (const name of names) failures += await fuzzTarget(name, (seconds * 1000) / names.length);
  if (failures > 0) process.exitCode = 1;
}

/** @returns how many failures there were */
async function fuzzTarget(name: TargetName, milliseconds: number): Promise<number> {
  const target = await openTarget(name);
  const before = memoryInUse();
  const report = await fuzz(target, {
    seed,
    until: performance.now() + milliseconds,
    onFailure: (input, problem) =>
      void process.stdout.write(`${name}: ${problem}\n  kept in ${keepCase(name, input)}\n`),
  });
  const grown = Math.round(memoryInUse() - before);
  await target.close();
  process.stdout.write(
    `${name}: ${report.tried} inputs, ${report.blocks} blocks of our code reached by ${report.corpus} of them, ` +
      `${report.failures} failures, ${grown} MB more in use (seed ${seed})\n`,
  );
  return report.failures + (grown > MOST_GROWTH_MB ? 1 : 0);
}

/** In megabytes, after a collection. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") Reflect.apply(collect, undefined, []);
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
