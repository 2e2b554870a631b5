/** Where a run took place: without it, no figure of it means anything. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { versionOf } from "./python-environment.js";

export interface Machine {
  readonly cpu: string;
  readonly processors: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Of one minute, before the first measurement: what else was running. */
  readonly loadAverage: number;
  readonly gateway: string;
  readonly node: string;
  readonly python: string;
}

/** @throws Error when there is no such Python */
export function describeMachine(root: string, python: string): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    processors: all.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    gateway: [packageVersion(root), commit(root)].filter((part) => part !== "").join(" "),
    node: process.versions.node,
    python: versionOf(python),
  };
}

function packageVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}

/** The commit, with `-dirty` when files differ from it; empty outside a repository. */
function commit(root: string): string {
  try {
    return execFileSync("git", ["-C", root, "describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
