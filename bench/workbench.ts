/** What every measurement of a run shares: the Pythons, the prepared workloads, the servers that run, the processors. */
import { join } from "node:path";
import type { CoreSplit } from "./cores.js";
import type { Environments } from "./environments.js";
import type { Options } from "./options.js";
import { prepareWorkload, type PreparedWorkload } from "./prepare-workload.js";
import type { PythonEnvironment } from "./python-environment.js";
import type { ServerKind, ServerSetting } from "./servers.js";
import { startServer, type RunningServer } from "./start-server.js";
import type { Workload } from "./workloads.js";

/** A thing that could not be measured, and why: it is in the report, never silently left out. */
export interface Omission {
  readonly name: string;
  readonly reason: string;
}

export interface Workbench {
  readonly root: string;
  readonly options: Options;
  readonly cores: CoreSplit | undefined;
  /** The workload with everything it needs; made once. The reason when its libraries cannot be had. */
  prepare(
    workload: Workload,
    servers: readonly ServerKind[],
  ): Promise<PreparedWorkload | { readonly reason: string }>;
  /**
   * Starts a server for a workload and waits until it can answer.
   * @throws Error when its libraries cannot be had or it does not start
   */
  start(
    kind: ServerKind,
    prepared: PreparedWorkload,
    setting?: Partial<ServerSetting>,
  ): Promise<RunningServer>;
  /** Ends a server. */
  stop(server: RunningServer): Promise<void>;
  /** Asks every server that runs to end; synchronous, for the handler of a signal. */
  askAllToStop(): void;
}

/** @param folder for what is made on the way; its owner removes it */
export function createWorkbench(
  root: string,
  folder: string,
  options: Options,
  cores: CoreSplit | undefined,
  environments: Environments,
): Workbench {
  const running = new Set<RunningServer>();
  const prepared = new Map<string, PreparedWorkload>();

  /** The gateway runs the very interpreter of the peers it is compared with; by itself, any will do. */
  const pythonFor = (
    { hasModel }: Workload,
    servers: readonly ServerKind[],
  ): PythonEnvironment | { readonly reason: string } => {
    const needsLibraries = hasModel || servers.some(({ role }) => role === "peer");
    const plain = { python: options.python, packages: [] };
    if (!needsLibraries) return plain;
    const environment = environments.get("peers");
    return "reason" in environment && !hasModel ? plain : environment;
  };

  const stop = async (server: RunningServer): Promise<void> => {
    await server.stop();
    running.delete(server);
  };

  return {
    root,
    options,
    cores,
    async prepare(workload, servers) {
      const hasPeers = servers.some(({ role }) => role === "peer");
      const key = `${workload.name}${hasPeers ? "-and-peers" : ""}`;
      const known = prepared.get(key);
      if (known !== undefined) return known;
      const found = pythonFor(workload, servers);
      if ("reason" in found) return found;
      const bench = join(root, "bench");
      const compiles = hasPeers && found.packages.length > 0;
      const made = await prepareWorkload(workload, bench, join(folder, key), found.python, compiles);
      prepared.set(key, made);
      return made;
    },
    async start(kind, one, setting) {
      const found = kind.environment === undefined ? one : environments.get(kind.environment);
      if ("reason" in found) throw new Error(found.reason);
      const { artifact, interfaceFile, answerFiles, workload } = one;
      const server = await startServer(
        kind,
        {
          root,
          python: found.python,
          artifact,
          interfaceFile,
          answerFiles,
          processes: options.processes,
          spareProcesses: 0,
          concurrency: workload.concurrency,
          nodeArguments: [],
          gatewayArguments: one.gatewayArguments,
          profiles: options.profile ? join(root, ".cache", "profiles") : undefined,
          ...setting,
        },
        cores?.servers,
      );
      running.add(server);
      try {
        await server.ready;
      } catch (error) {
        await stop(server);
        throw error;
      }
      return server;
    },
    stop,
    askAllToStop() {
      for (const server of running) server.askToStop();
    },
  };
}
