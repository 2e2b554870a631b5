/** What this process and its descendants take of the machine, to see that a test leaves nothing behind. Linux only. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Inherited by every process that this one starts, so that those that have left the family are found, too. */
const MARK = `FOOTPRINT_MARK=${randomUUID()}`;
process.env["FOOTPRINT_MARK"] = MARK.slice("FOOTPRINT_MARK=".length);

// The threads that Node keeps for such work start with the first of it, and stay.
await stat(".");

/** How long what has been closed or killed may take to go, in milliseconds; and how often it is looked for. */
const SETTLE_MS = 10_000;
const POLL_MS = 5;

export interface Footprint {
  /** Processes below this one, zombies among them, and whatever else of theirs still runs. */
  readonly processes: number;
  /** Threads of this process, known to the kernel. */
  readonly threads: number;
  /** Open descriptors of this process, by kind. */
  readonly descriptors: Readonly<Record<string, number>>;
  /** Handles, requests and timers that keep this process alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

export function takeFootprint(): Footprint {
  return {
    processes: findProcesses().length,
    threads: readdirSync("/proc/self/task").length,
    descriptors: countEach(readdirSync("/proc/self/fd").map(kindOfDescriptor)),
    // Node's own reading of modules comes and goes.
    resources: countEach(process.getActiveResourcesInfo().filter((kind) => !kind.startsWith("FSReq"))),
  };
}

/**
 * What a pool at rest takes. Its processes are children of one supervisor then: one further down is only on the way
 * between a template and the process that it is forked for, and a zombie is about to be buried.
 */
export async function settledFootprint(): Promise<Footprint> {
  await settle(() => {
    const found = findProcesses();
    const supervisors = new Set(found.filter(({ parent }) => parent === process.pid).map(({ pid }) => pid));
    return found.every(
      ({ pid, parent, state }) => state !== "Z" && (supervisors.has(pid) || supervisors.has(parent)),
    );
  });
  return takeFootprint();
}

/** Waits until what is there is what was there. @throws AssertionError that names what is more or less */
export async function returnTo(before: Footprint): Promise<void> {
  let now = takeFootprint();
  await settle(() => isSame((now = takeFootprint()), before));
  assert.deepEqual(now, before);
}

/** Waits until none of these processes runs. @throws AssertionError that names those that do */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await settle(() => !pids.some(isRunning));
  assert.deepEqual(pids.filter(isRunning), []);
}

/** Waits for a condition that nothing tells of, as long as is reasonable; whether it has come true is not said. */
export async function settle(condition: () => boolean): Promise<void> {
  const latest = performance.now() + SETTLE_MS;
  while (!condition() && performance.now() < latest) await sleep(POLL_MS);
}

export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly state: string;
}

/** The descendants of this process, and those that a descendant has left to somebody else. */
export function findProcesses(): FoundProcess[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== undefined);
  const ours = new Set([process.pid]);
  for (let size = 0; size !== ours.size;) {
    size = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => pid !== process.pid && (ours.has(pid) || isMarked(pid)));
}

/** Whether a process is there and not only waiting to be buried. */
export function isRunning(pid: number): boolean {
  const found = readProcess(pid);
  return found !== undefined && found.state !== "Z" && found.state !== "X";
}

export function readProcess(pid: number): FoundProcess | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state = "", parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (stat === "") return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), state };
}

/** A figure of `/proc/<pid>/smaps_rollup`, in kilobytes: `Rss`, or `Pss`, in which shared pages are shared out. */
export function memoryOf(pid: number, what: "Rss" | "Pss"): number {
  const line = new RegExp(`^${what}: *(\\d+) kB$`, "m").exec(read(`/proc/${pid}/smaps_rollup`));
  assert.ok(line?.[1] !== undefined, `no ${what} of process ${pid}`);
  return Number(line[1]);
}

/** Bytes of this process's JavaScript that cannot be freed now. */
export function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  // The flag adds this function to contexts that are made from now on.
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function isMarked(pid: number): boolean {
  return read(`/proc/${pid}/environ`).split("\0").includes(MARK);
}

function kindOfDescriptor(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
      .replace(/\[?\d+\]?$/, "")
      .replace(/claims-[0-9a-f-]+/, "claims");
  } catch {
    // The one that the list itself was read from.
    return "closed";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of [...words].sort()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function isSame(a: Footprint, b: Footprint): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
