/** Which measurements a run takes, from the names that were asked for. */
import type { Target } from "./load/connection.js";
import { CONCURRENCIES, type Case } from "./measure-case.js";
import { SERVERS, type ServerKind } from "./servers.js";
import { WORKLOADS, type Workload } from "./workloads.js";

export interface PlannedCase extends Case {
  readonly servers: readonly ServerKind[];
}

export interface PlannedWorkload {
  readonly workload: Workload;
  readonly cases: readonly PlannedCase[];
}

const PROTOCOLS = ["grpc", "soap"] as const satisfies readonly Target["protocol"][];

/**
 * Every workload with the cases of which a measurement matches.
 * @param pattern of names such as `grpc/trivial/c64/gateway`
 * @throws Error when nothing matches
 */
export function planCases(pattern: RegExp): readonly PlannedWorkload[] {
  const planned = WORKLOADS.map((workload) => ({ workload, cases: selectCases(workload, pattern) }));
  const found = planned.filter(({ cases }) => cases.length > 0);
  if (found.length === 0) throw new Error(`No measurement matches ${String(pattern)}.`);
  return found;
}

function selectCases(workload: Workload, pattern: RegExp): readonly PlannedCase[] {
  return PROTOCOLS.flatMap((protocol) =>
    CONCURRENCIES.flatMap((concurrency) => {
      const name = `${protocol}/${workload.name}/c${concurrency}`;
      const servers = SERVERS.filter(
        (server) => server.protocols.includes(protocol) && pattern.test(`${name}/${server.name}`),
      );
      return servers.length === 0 ? [] : [{ name, protocol, concurrency, servers }];
    }),
  );
}
