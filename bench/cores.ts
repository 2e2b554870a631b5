/** Which processors the servers get, and which the load generator: on the same ones, each would measure the other. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface CoreSplit {
  readonly servers: readonly number[];
  readonly generator: readonly number[];
}

/** Fewer processors than this are not divided unless it is asked for. */
const ENOUGH_PROCESSORS = 4;
const SERVER_CORES = 2;

/**
 * The division of the processors that this process may use; `undefined` when everybody shares them all.
 * @param wanted processors of the servers; absent: two where there are four or more, otherwise all
 * @throws Error when nothing would be left for the generator, or the system cannot bind processes to processors
 */
export function splitCores(
  allowed: readonly number[],
  wanted: number | "all" | undefined,
): CoreSplit | undefined {
  if (wanted === "all" || (wanted === undefined && allowed.length < ENOUGH_PROCESSORS)) return undefined;
  const count = wanted ?? SERVER_CORES;
  if (count < allowed.length) return { servers: allowed.slice(0, count), generator: allowed.slice(count) };
  throw new Error(`--cores ${count} leaves none of ${allowed.length} processors to the load generator.`);
}

/** The processors that this process may use and bind others to; none where the system has no way to. */
export function allowedCores(): readonly number[] {
  if (process.platform !== "linux" || !hasTaskset()) return [];
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "";
  return parseCoreList(list);
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-p", String(process.pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** `0-2,5` is 0, 1, 2 and 5. */
export function parseCoreList(list: string): readonly number[] {
  return list
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = NaN, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** The command line that starts a program on these processors; it keeps its process number, and its children stay there. */
export function onCores<T extends readonly string[]>(
  cores: readonly number[] | undefined,
  command: T,
): readonly [string, ...string[]] | T {
  return cores === undefined ? command : ["taskset", "-c", cores.join(), ...command];
}

/** Moves this process with all of its threads; what it starts from then on stays there. */
export function moveToCores(cores: readonly number[]): void {
  execFileSync("taskset", ["-a", "-c", "-p", cores.join(), String(process.pid)], { stdio: "ignore" });
}
