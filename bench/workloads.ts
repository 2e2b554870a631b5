/** What is measured: an artifact, an input for it, and the loads it is put under. Another `main()` is another row here. */
import type { LoadName } from "./loads.js";

export interface Workload {
  /** In the names of cases. */
  readonly name: string;
  /** In a report. */
  readonly description: string;
  /** Folder below `bench/artifacts` that is laid over `application`. Peers take tables of scalar columns and answer a record of scalars. */
  readonly artifact: string;
  /** Rows of the one table: variations of the row in `inputs/application.json`, whose first is the row itself. */
  readonly rows: number;
  /** Calls that `main()` takes at a time in one process; above 1 every server is told so. */
  readonly concurrency: number;
  /** True when the artifact needs the model that `fit_model.py` fits, and with it scikit-learn. */
  readonly hasModel: boolean;
  /** True where the floors take part: a request of the usual size, and a `main()` that adds nothing. */
  readonly hasFloor: boolean;
  readonly loads: readonly LoadName[];
}

const EVERY_SIZE = ["c1", "c8", "c64"] as const satisfies readonly LoadName[];

export const WORKLOADS: readonly Workload[] = [
  {
    name: "trivial",
    description:
      "one row of 30 columns (strings, doubles, integers, decimals, dates); main() reads two and returns at once",
    artifact: "trivial",
    rows: 1,
    concurrency: 1,
    hasModel: false,
    hasFloor: true,
    loads: [...EVERY_SIZE, "c256", "open50", "open80", "open120"],
  },
  {
    name: "cpu1ms",
    description: "the same row; main() computes for about a millisecond",
    artifact: "cpu1ms",
    rows: 1,
    concurrency: 1,
    hasModel: false,
    hasFloor: false,
    loads: EVERY_SIZE,
  },
  {
    name: "wait20ms",
    description: "the same row; main() sleeps for 20 ms and may run 64 times at once in a process",
    artifact: "wait20ms",
    rows: 1,
    concurrency: 64,
    hasModel: false,
    hasFloor: false,
    loads: ["c1", "c64"],
  },
  {
    name: "sklearn1",
    description: "the same row; main() asks a logistic regression of scikit-learn behind a scaler",
    artifact: "sklearn",
    rows: 1,
    concurrency: 1,
    hasModel: true,
    hasFloor: false,
    loads: EVERY_SIZE,
  },
  {
    name: "sklearn100",
    description: "a hundred such rows in one call; main() asks the same model for all of them at once",
    artifact: "sklearn",
    rows: 100,
    concurrency: 1,
    hasModel: true,
    hasFloor: false,
    loads: EVERY_SIZE,
  },
];
