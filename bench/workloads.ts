/** What is measured: an artifact, one input for it, and what its `main()` answers. Another `main()` is another row here. */

export interface Workload {
  /** In the names of cases. */
  readonly name: string;
  /** In a report. */
  readonly description: string;
  /** Folder of the artifact below `bench/`. Peers take tables of scalar columns and answer a record of scalars. */
  readonly artifact: string;
  /** Below `bench/`, in the form of the sample files of `artifact-gateway run`. */
  readonly input: string;
  /** The record that `main()` answers. */
  readonly answer: Readonly<Record<string, string | number | boolean>>;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: "trivial",
    description:
      "one row of 30 columns (strings, doubles, integers, decimals, dates); main() reads two and returns at once",
    artifact: "artifacts/trivial",
    input: "inputs/application.json",
    answer: { application_id: "A-2024-0001742", decision: "approve", score: 712 },
  },
];
