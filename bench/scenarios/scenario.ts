/** A measurement that is no load on a server: it does something of its own and tells what it found. */
import type { PreparedWorkload } from "../prepare-workload.js";
import { SERVERS, type ServerKind } from "../servers.js";
import type { Workbench } from "../workbench.js";
import { WORKLOADS, type Workload } from "../workloads.js";

/** Rows of one kind stand in one table of the report. */
export const SCENARIO_KINDS = [
  "bare",
  "codec",
  "pool",
  "recovery",
  "memory",
  "loop",
  "stream",
  "refusal",
] as const;

export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

export interface Scenario {
  /** `recovery/trivial/kill`; its first part is its kind. */
  readonly name: string;
  readonly kind: ScenarioKind;
  /** @throws Error when it cannot be measured: the report says so */
  readonly run: (bench: Workbench) => Promise<Finding>;
}

export interface Finding {
  /** By the heading of its column, with the unit. */
  readonly figures: Readonly<Record<string, number>>;
  /** What went wrong and should not have. */
  readonly failures: number;
}

export interface ScenarioResult extends Finding {
  readonly name: string;
  readonly kind: ScenarioKind;
}

/** The workload with what it needs when the gateway alone is asked. @throws Error when its libraries cannot be had */
export async function prepared(bench: Workbench, workload: Workload): Promise<PreparedWorkload> {
  const made = await bench.prepare(workload, []);
  if ("reason" in made) throw new Error(made.reason);
  return made;
}

/** The row of the gateway. */
export function gatewayKind(): ServerKind {
  const found = SERVERS.find(({ role }) => role === "gateway");
  if (found === undefined) throw new TypeError("The gateway has no row in servers.ts.");
  return found;
}

/** @throws TypeError when no workload has this name */
export function workloadNamed(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (found === undefined) throw new TypeError(`No workload is called ${name}.`);
  return found;
}
