/** `bare/<workload>`: `main()` without any server, in one Python process. What a server adds is above this. */
import { join } from "node:path";
import { callMain } from "../bare-main.js";
import { percentile } from "../statistics.js";
import { WORKLOADS } from "../workloads.js";
import { prepared, type Scenario } from "./scenario.js";

export const BARE: readonly Scenario[] = WORKLOADS.map((workload) => ({
  name: `bare/${workload.name}`,
  kind: "bare",
  async run(bench) {
    const one = await prepared(bench, workload);
    const { options, cores, root } = bench;
    const files = { ...one, benchFolder: join(root, "bench") };
    const { latencies } = callMain(one.python, files, options.seconds, cores?.servers);
    return {
      figures: {
        calls: latencies.length,
        "p50 ms": percentile([latencies], 50),
        "p99 ms": percentile([latencies], 99),
        "p99.9 ms": percentile([latencies], 99.9),
      },
      failures: 0,
    };
  },
}));
