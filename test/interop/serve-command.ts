/** The examples and fixtures of the foreign clients, served by the built command as a deployer would start it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startLocalLlm } from "../support/local-llm.js";
import { repository } from "../support/served-example.js";

export const EXAMPLES = ["credit_decision", "default_risk", "card_assistant"] as const;

/** Their folders: `exact_echo` answers with the rows that it gets. */
export const SERVED_ARTIFACTS = [
  ...EXAMPLES.map((name) => `examples/${name}/artifact`),
  "test/interop/fixtures/exact_echo",
];

export type Example = (typeof EXAMPLES)[number];

export interface ServedCommand {
  /** The application port: SOAP and gRPC. */
  readonly port: number;
  /** The lines of its log so far; all of them once it has stopped. */
  readonly log: readonly string[];
  /** Resolves when so many lines of the log fit the pattern. @throws Error when it ends before */
  logged(pattern: RegExp, times: number): Promise<void>;
  /** Ends it as a platform does, waits until it is gone and checks that it says so with 0. */
  stop(): Promise<void>;
}

/** @param python with the libraries of every example */
export async function serveExamples(python: string): Promise<ServedCommand> {
  return serveCommand([...SERVED_ARTIFACTS, "--python", python]);
}

/**
 * Starts `artifact-gateway serve` on free ports and waits until it says that it serves.
 * @param args artifacts and flags
 * @param environment settings that have no flag, and what the artifacts need
 * @throws Error with what it said, when it ends instead
 */
export async function serveCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServedCommand> {
  const stopLlm = await startLocalLlm();
  const flags = ["--port", "0", "--management-port", "0", "--processes", "1"];
  const child = spawn(process.execPath, ["dist/src/cli/main.js", "serve", ...flags, ...args], {
    cwd: repository("."),
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  void ended.then(stopLlm);
  const said: string[] = [];
  const log: string[] = [];
  const lines = createInterface({ input: child.stdout }).on("line", (line) => log.push(line));
  // The table names the port of every service; its last line is that of the management port.
  const port = await new Promise<number>((resolve, reject) => {
    let found = 0;
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      found = Number(/gRPC +[\d.]+:(\d+) /.exec(line)?.[1] ?? found);
      if (line.startsWith("management")) resolve(found);
    });
    void ended.then(() => reject(new Error(`serve ended:\n${said.join("\n")}`)));
  });
  return {
    port,
    log,
    async logged(pattern, times) {
      while (log.filter((line) => pattern.test(line)).length < times) {
        const [what] = await Promise.race([once(lines, "line"), ended.then(() => [undefined])]);
        if (what === undefined) throw new Error(`serve ended without ${String(pattern)}`);
      }
    },
    async stop() {
      child.kill("SIGTERM");
      const [code] = await ended;
      assert.equal(code, 0, said.join("\n"));
    },
  };
}

export function wsdlUrl({ port }: ServedCommand, example: string): string {
  return `http://localhost:${port}/soap/${example}/v1?wsdl`;
}
