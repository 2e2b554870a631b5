/**
 * A program with a pool over the fixture `faults`: makes the calls named by its arguments, the last of which need not end,
 * says `ready`, and stays.
 */
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { createPool } from "../../src/pool/pool.js";
import { fixture, inputsOf, poolOptions, SILENT } from "./pool-harness.js";

const pool = createPool({ ...poolOptions(fixture("faults")), observer: SILENT });
await pool.started;

const call = (what: string): Promise<unknown> => {
  const inputs = writePickle(inputsOf({ what, detail: null }));
  return pool.dispatch(inputs, { requestId: what, deadlineAt: performance.now() + 60_000 });
};
const names = process.argv.slice(2);
for (const what of names.slice(0, -1)) await call(what);
void call(names.at(-1) ?? "hang");
process.stdout.write("ready\n");
