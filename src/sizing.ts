/** How many Python processes this machine or container has room for, and what each may use. */
import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { readCgroupLimits, type ReadText } from "./cgroup.js";

/** What may be used here. */
export interface Resources {
  /** Processors; a quota can be a part of one. */
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Where the figures come from; tests bring their own. */
export interface Machine {
  readonly read: ReadText;
  /** Processors that the scheduler may put this process on: knows cpusets and affinity, not quotas. */
  readonly parallelism: number;
  readonly memoryBytes: number;
}

/** The smaller of what the machine has and what its control groups allow. */
export function readResources(machine: Machine = thisMachine()): Resources {
  const { cpus = Number.POSITIVE_INFINITY, memoryBytes = Number.POSITIVE_INFINITY } = readCgroupLimits(
    machine.read,
  );
  return {
    cpus: Math.min(machine.parallelism, cpus),
    // Without a limit version 1 says a number near 2^63.
    memoryBytes: Math.min(machine.memoryBytes, memoryBytes),
  };
}

export interface SizeRequest extends Resources {
  /** What one process needs, as the deployer declares it; it becomes the limit of each. */
  readonly memoryPerProcessMb?: number | undefined;
  /** Processes that only wait for one to be lost: they take memory and no processor. */
  readonly spareProcesses?: number | undefined;
  /** The deployer's own number of processes. */
  readonly processes?: number | undefined;
}

export interface Sizes {
  /** Processes that run calls, without the spares. */
  readonly processes: number;
  /** Threads that native libraries (BLAS, OpenMP) may start in each. */
  readonly nativeThreads: number;
  /** Memory limit of each, in megabytes of 1024 * 1024 bytes; absent: none. */
  readonly memoryLimitMb?: number;
}

const MEGABYTE = 1024 * 1024;

/** Node with its heap, buffers and threads. */
const NODE_MB = 256;

/** What a process is taken to need when nobody has declared it: Python with pandas loaded, and a margin. */
const USUAL_PROCESS_MB = 128;

/** More than this is for the deployer to ask for: one Node process in front does not keep more of them busy. */
const MOST_PROCESSES = 32;

/**
 * The rules, in this order:
 * 1. One process for each whole processor. From three processors on, one is left to Node, which decodes and encodes
 *    beside them: under a quota it would be stopped together with them. Below that a process less costs more than Node
 *    gains. Less than one processor is one process.
 * 2. No more than fit into the memory that Node leaves, spares included; one always, because the memory that it needs
 *    is then the deployer's to find out.
 * 3. The deployer's own number takes the place of these two.
 * 4. Native threads share the processors out among the processes: each library would otherwise start one for every
 *    processor of the machine in each process, and they would wait for one another.
 * 5. Only declared memory becomes a limit: one that is guessed would end artifacts that are in order.
 */
export function planSizes(request: SizeRequest): Sizes {
  const { cpus, memoryBytes, memoryPerProcessMb, spareProcesses = 0 } = request;
  const whole = Math.floor(cpus);
  const byCpu = Math.min(MOST_PROCESSES, whole >= 3 ? whole - 1 : whole);
  const freeMb = memoryBytes / MEGABYTE - NODE_MB;
  const byMemory = Math.floor(freeMb / (memoryPerProcessMb ?? USUAL_PROCESS_MB)) - spareProcesses;
  const processes = request.processes ?? Math.max(1, Math.min(byCpu, byMemory));
  return {
    processes,
    nativeThreads: Math.max(1, Math.floor(cpus / processes)),
    ...(memoryPerProcessMb === undefined ? {} : { memoryLimitMb: memoryPerProcessMb }),
  };
}

function thisMachine(): Machine {
  return { read: readText, parallelism: availableParallelism(), memoryBytes: totalmem() };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
