/** How much memory each process of a pool has now, read from time to time (Linux; elsewhere never told). */
import { readFile } from "node:fs/promises";

const EVERY_MS = 2000;

/** Bytes of a page; every Linux that runs Node on x86-64, and all but a few on arm64. */
const PAGE_BYTES = 4096;

export interface MemoryWatch {
  add(token: string, pid: number): void;
  remove(token: string): void;
  stop(): void;
}

/** @param onMeasured told the resident megabytes of each process (proc(5), statm) */
export function watchMemory(onMeasured: (token: string, residentMb: number) => void): MemoryWatch {
  const pids = new Map<string, number>();
  const measure = async (token: string, pid: number): Promise<void> => {
    const [, pages = ""] = (await readFile(`/proc/${pid}/statm`, "latin1")).split(" ");
    if (pids.has(token)) onMeasured(token, (Number(pages) * PAGE_BYTES) / 2 ** 20);
  };
  const timer = setInterval(() => {
    // A process that has just gone has nothing to be read.
    for (const [token, pid] of pids) measure(token, pid).catch(() => undefined);
  }, EVERY_MS);
  return {
    add: (token, pid) => void pids.set(token, pid),
    remove: (token) => void pids.delete(token),
    stop: () => clearInterval(timer),
  };
}
