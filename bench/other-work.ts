/** How busy the machine was with something else: the noise in the figures. */
import { readFileSync } from "node:fs";
import { readTreeCpu, ticksPerSecond, total } from "./process-tree.js";

export interface MachineUsage {
  readonly atMs: number;
  readonly processors: number;
  /** Processor time of everything that ran, and what the hypervisor withheld, in milliseconds. */
  readonly allMs: number;
  /** Of the benchmark: its servers and its load generator are its descendants. */
  readonly ownMs: number;
}

/** Fields of proc(5) `/proc/stat` that are time of processes, or time that the hypervisor gave to another machine. */
const BUSY_FIELDS = { user: 1, nice: 2, system: 3, steal: 8 } as const;

/** What has been used until now; `undefined` where there is no /proc. */
export function readMachineUsage(): MachineUsage | undefined {
  const own = readTreeCpu(process.pid);
  if (own === undefined) return undefined;
  const [all = "", ...others] = readFileSync("/proc/stat", "latin1").split("\n");
  const fields = all.split(/ +/).map(Number);
  const ticks = Object.values(BUSY_FIELDS).reduce((sum, field) => sum + (fields[field] ?? 0), 0);
  return {
    atMs: performance.now(),
    processors: others.filter((line) => line.startsWith("cpu")).length,
    allMs: (ticks * 1000) / ticksPerSecond(),
    ownMs: total(own),
  };
}

/** Share of all processors that was not there for the benchmark between two readings, 0 to 1. */
export function shareOfOthers(before: MachineUsage, after: MachineUsage): number {
  const others = after.allMs - before.allMs - (after.ownMs - before.ownMs);
  return Math.max(0, others / ((after.atMs - before.atMs) * after.processors));
}
