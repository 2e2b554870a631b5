/** A program with a pool over the fixture `faults`: makes the calls named by its arguments, says `ready`, and stays. */
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { createPool } from "../../src/pool/pool.js";
import { fixture, inputsOf, poolOptions, SILENT } from "./pool-harness.js";

const pool = createPool({ ...poolOptions(fixture("faults")), observer: SILENT });
await pool.started;
for (const what of process.argv.slice(2)) {
  const inputs = writePickle(inputsOf({ what, detail: null }));
  await pool.dispatch(inputs, { requestId: what, deadlineAt: performance.now() + 60_000 });
}
process.stdout.write("ready\n");
