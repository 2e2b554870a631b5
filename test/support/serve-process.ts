/** The command `serve` as its own process, the way a platform runs it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { PYTHON } from "./pool-harness.js";
import { repository } from "./served-example.js";

export interface ServeProcess {
  readonly child: ChildProcess;
  /** Everything on standard error and output so far. */
  readonly stderr: () => string;
  readonly stdout: () => string;
  /** Log lines of one kind. */
  readonly logged: (message: string) => Record<string, unknown>[];
  /** Resolves when the summary table has been printed; rejects when the process ends first. */
  readonly ready: () => Promise<{ application: string; management: string }>;

  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves once standard error or output matches. */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>;
}

/** How long it may take to stop at the end of a test, in milliseconds. */
const STOP_MS = 10_000;

/** Starts `serve` on free ports; it is stopped when the test ends. */
export function startServe(
  context: TestContext,
  args: readonly string[],
  environment: Record<string, string> = {},
): ServeProcess {
  const child = spawn(
    process.execPath,
    [
      repository("dist/src/cli/main.js"),
      "serve",
      "--host",
      "127.0.0.1",
      "--port",
      "0",
      "--management-port",
      "0",
      "--processes",
      "1",
      "--python",
      PYTHON,
      ...args,
    ],
    {
      env: {
        ...process.env,
        ARTIFACT_GATEWAY_SPARE_PROCESSES: "0",
        ARTIFACT_GATEWAY_DRAIN_IDLE_MS: "0",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    changed();
  });
  const exited = once(child, "close").then(([code, signal]: unknown[]) => {
    changed();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  context.after(async () => {
    // Asked first, so that it leaves nothing behind; one that does not listen must not hold up the suite.
    child.kill("SIGTERM");
    const insist = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(insist);
  });
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const match = pattern.exec(stderr) ?? pattern.exec(stdout);
        if (match === null && child.exitCode === null && child.signalCode === null) return;
        watchers.delete(watch);
        if (match === null)
          reject(new Error(`serve ended without saying ${String(pattern)}:\n${stderr}\n${stdout}`));
        else resolve(match);
      };
      watchers.add(watch);
      watch();
    });
  return {
    child,
    stderr: () => stderr,
    stdout: () => stdout,
    logged: (message) =>
      stdout
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === message),
    async ready() {
      const [, application = ""] = await said(/gRPC +(127\.0\.0\.1:\d+)/);
      const [, management = ""] = await said(/(http:\/\/127\.0\.0\.1:\d+)\/readyz/);
      return { application, management };
    },
    exited,
    said,
  };
}
