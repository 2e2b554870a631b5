/** A whole run as a value: what `results.json` holds and the report is made of. */
import type { CoreSplit } from "../cores.js";
import type { Machine } from "../machine.js";
import type { Measurement } from "../measurement.js";
import type { ScenarioResult } from "../scenarios/scenario.js";
import type { Omission } from "../workbench.js";

export interface Run {
  readonly machine: Machine;
  /** Libraries of the peers, `grpcio==1.85.1`. */
  readonly packages: readonly string[];
  /** Absent: servers and load generator shared all processors. */
  readonly cores: CoreSplit | undefined;
  readonly date: string;
  readonly command: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly processes: number;
  readonly seed: number;
  readonly measurements: readonly Measurement[];
  readonly findings: readonly ScenarioResult[];
  readonly omissions: readonly Omission[];
}
