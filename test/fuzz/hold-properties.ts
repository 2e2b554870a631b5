/** The properties that hold for every target, whatever it is: no crash, nothing polluted, bounded processor time. */
import assert from "node:assert/strict";
import type { FuzzTarget } from "./fuzz-target.js";

/** Processor time that one input, at most 32 KB long, may take, in microseconds. */
const MOST_CPU_US = 100_000;

/** A machine that does other work makes one measurement long; it does not make the shortest of several long. */
const MEASUREMENTS = 4;

const PROTOTYPE = Reflect.ownKeys(Object.prototype);

/** Runs one input. Throws when a property of the target, or one of all targets, does not hold. */
export async function holdProperties(target: FuzzTarget, input: Uint8Array): Promise<void> {
  let least = await measure(target, input);
  for (let again = 1; least > MOST_CPU_US && again < MEASUREMENTS; again += 1) {
    least = Math.min(least, await measure(target, input));
  }
  assert.ok(
    least <= MOST_CPU_US,
    `${input.length} bytes took ${Math.round(least / 1000)} ms of processor time`,
  );
  assert.deepEqual(Reflect.ownKeys(Object.prototype), PROTOTYPE, "Object.prototype has changed");
}

async function measure(target: FuzzTarget, input: Uint8Array): Promise<number> {
  const before = process.cpuUsage();
  await target.run(input);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
