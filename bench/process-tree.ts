/** Memory and processor time of a server: its process and everything that it has started. Linux; elsewhere nothing. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface TreeUsage {
  /** Resident memory in bytes, summed over the processes; shared pages count in each. */
  readonly rssBytes: number;
  /** User and system time so far, in milliseconds. */
  readonly cpuMs: number;
  readonly processes: number;
}

interface ProcessUsage extends Omit<TreeUsage, "processes"> {
  readonly parent: number;
}

/** What a process and its descendants use now; `undefined` where there is no /proc. */
export function readProcessTree(root: number): TreeUsage | undefined {
  if (process.platform !== "linux") return undefined;
  const all = new Map<number, ProcessUsage>();
  for (const name of readdirSync("/proc")) {
    const usage = /^\d+$/.test(name) ? readProcess(name) : undefined;
    if (usage !== undefined) all.set(Number(name), usage);
  }
  const tree = [...all].filter(([pid]) => isWithin(pid, root, all)).map(([, usage]) => usage);
  return {
    rssBytes: tree.reduce((total, { rssBytes }) => total + rssBytes, 0),
    cpuMs: tree.reduce((total, { cpuMs }) => total + cpuMs, 0),
    processes: tree.length,
  };
}

function isWithin(pid: number, root: number, all: ReadonlyMap<number, ProcessUsage>): boolean {
  for (let at: number | undefined = pid; at !== undefined; at = all.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

/** Fields of proc(5) `/proc/pid/stat`, behind the name, which may hold blanks and brackets itself. */
const FIELD = { parent: 1, user: 11, system: 12, rssPages: 21 } as const;

function readProcess(pid: string): ProcessUsage | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (index: number): number => Number(fields[index]);
  const { ticksPerSecond, pageBytes } = systemUnits();
  return {
    parent: number(FIELD.parent),
    rssBytes: number(FIELD.rssPages) * pageBytes,
    cpuMs: ((number(FIELD.user) + number(FIELD.system)) * 1000) / ticksPerSecond,
  };
}

interface Units {
  readonly ticksPerSecond: number;
  readonly pageBytes: number;
}

let units: Units | undefined;

/** What /proc counts in. */
export function systemUnits(): Units {
  const ask = (name: string): number => Number(execFileSync("getconf", [name], { encoding: "utf8" }));
  units ??= { ticksPerSecond: ask("CLK_TCK"), pageBytes: ask("PAGE_SIZE") };
  return units;
}
