/** Memory and processor time of a server: its process and everything that it has started. Linux; elsewhere nothing. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** What a process runs, by the name of its program. */
export const PROCESS_KINDS = ["node", "python", "other"] as const;

export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** A figure for each kind of process. */
export type ByKind = Readonly<Record<ProcessKind, number>>;

interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  /** User and system time so far, in milliseconds. */
  readonly cpuMs: number;
}

/** Processor time of a process and its descendants so far, in milliseconds; `undefined` where there is no /proc. */
export function readTreeCpu(root: number): ByKind | undefined {
  return sumByKind(treeOf(root), ({ cpuMs }) => cpuMs);
}

/**
 * Memory of a process and its descendants in bytes, as their proportional share (PSS): a page that several processes
 * share is divided among them, so the sum is what the machine lacks. `undefined` where there is no /proc.
 */
export function readTreeMemory(root: number): ByKind | undefined {
  return sumByKind(treeOf(root), ({ pid }) => readPss(pid));
}

/** The most memory that one process has ever had resident, in bytes; `undefined` where there is no /proc. */
export function readPeakMemory(pid: number): number | undefined {
  const status = tryRead(() => readFileSync(`/proc/${pid}/status`, "latin1")) ?? "";
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Numbers of the processes of one kind below `root`. */
export function processesOf(root: number, kind: ProcessKind): readonly number[] {
  return (treeOf(root) ?? []).filter(({ pid }) => kindOf(pid) === kind).map(({ pid }) => pid);
}

/** The sum over all kinds. */
export function total(figures: ByKind): number {
  return PROCESS_KINDS.reduce((sum, kind) => sum + figures[kind], 0);
}

function treeOf(root: number): readonly ProcessUsage[] | undefined {
  if (process.platform !== "linux") return undefined;
  const all = new Map<number, ProcessUsage>();
  for (const name of readdirSync("/proc")) {
    const usage = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    if (usage !== undefined) all.set(usage.pid, usage);
  }
  return [...all.values()].filter(({ pid }) => isWithin(pid, root, all));
}

function isWithin(pid: number, root: number, all: ReadonlyMap<number, ProcessUsage>): boolean {
  for (let at: number | undefined = pid; at !== undefined; at = all.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

function sumByKind(
  processes: readonly ProcessUsage[] | undefined,
  figure: (usage: ProcessUsage) => number,
): ByKind | undefined {
  if (processes === undefined) return undefined;
  const sums = { node: 0, python: 0, other: 0 };
  for (const usage of processes) sums[kindOf(usage.pid)] += figure(usage);
  return sums;
}

function kindOf(pid: number): ProcessKind {
  const program = tryRead(() => basename(readlinkSync(`/proc/${pid}/exe`))) ?? "";
  if (program === "node") return "node";
  return program.startsWith("python") ? "python" : "other";
}

/** Fields of proc(5) `/proc/pid/stat`, behind the name, which may hold blanks and brackets itself. */
const FIELD = { parent: 1, user: 11, system: 12 } as const;

function readProcess(pid: number): ProcessUsage | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (index: number): number => Number(fields[index]);
  return {
    pid,
    parent: number(FIELD.parent),
    cpuMs: ((number(FIELD.user) + number(FIELD.system)) * 1000) / ticksPerSecond(),
  };
}

function readPss(pid: number): number {
  const rollup = tryRead(() => readFileSync(`/proc/${pid}/smaps_rollup`, "latin1")) ?? "";
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}

/** `undefined` for a process that has ended since it was listed. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

let ticks: number | undefined;

/** What /proc counts processor time in. */
export function ticksPerSecond(): number {
  return (ticks ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" })));
}
