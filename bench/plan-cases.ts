/** Which measurements a run takes, from the names that were asked for. */
import type { Case } from "./measure-case.js";
import { SCENARIOS, type Scenario } from "./scenarios/scenarios.js";
import { GROUPS, SERVERS, type ServerKind } from "./servers.js";
import { WORKLOADS, type Workload } from "./workloads.js";

export interface PlannedCase extends Case {
  readonly servers: readonly ServerKind[];
}

export interface PlannedWorkload {
  readonly workload: Workload;
  readonly cases: readonly PlannedCase[];
}

export interface PlannedRun {
  readonly workloads: readonly PlannedWorkload[];
  readonly scenarios: readonly Scenario[];
}

/**
 * Every workload with the cases of which a measurement matches, and the scenarios that match.
 * @param pattern of names such as `grpc/trivial/c64/gateway` and `recovery/trivial/kill`
 * @throws Error when nothing matches
 */
export function planCases(pattern: RegExp): PlannedRun {
  const planned = WORKLOADS.map((workload) => ({ workload, cases: selectCases(workload, pattern) }));
  const workloads = planned.filter(({ cases }) => cases.length > 0);
  const scenarios = SCENARIOS.filter(({ name }) => pattern.test(name));
  if (workloads.length + scenarios.length > 0) return { workloads, scenarios };
  throw new Error(`No measurement matches ${String(pattern)}.`);
}

function selectCases(workload: Workload, pattern: RegExp): readonly PlannedCase[] {
  return GROUPS.flatMap((group) =>
    workload.loads.flatMap((load) => {
      const name = `${group}/${workload.name}/${load}`;
      const servers = SERVERS.filter((server) => takesPart(server, workload, group)).filter((server) =>
        pattern.test(`${name}/${server.name}`),
      );
      return servers.length === 0 ? [] : [{ name, group, load, servers }];
    }),
  );
}

function takesPart({ speaks, role }: ServerKind, { hasFloor }: Workload, group: Case["group"]): boolean {
  return speaks[group] !== undefined && (role !== "floor" || hasFloor);
}
