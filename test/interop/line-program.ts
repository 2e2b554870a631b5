/** A foreign client as a process: it reads lines of JSON from its standard input and prints lines of JSON. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { repository } from "../support/served-example.js";

export interface LineProgram {
  send(line: unknown): void;
  /** What it prints, to its end. */
  readonly lines: AsyncIterable<string>;
  /** What it has printed to its standard error, once it has ended. */
  readonly said: Promise<string>;
  /** Ends it by the end of its input. @throws Error with what it said, when it fails or says anything beside its answers */
  close(): Promise<void>;
}

/** grpcio prints each handshake that fails, which is for the program to say. */
const QUIET_PYTHON = { PYTHONDONTWRITEBYTECODE: "1", PYTHONIOENCODING: "utf-8", GRPC_VERBOSITY: "NONE" };

/** Starts it in the root of the repository. */
export function startLineProgram(command: string, args: readonly string[]): LineProgram {
  const child = spawn(command, args, { cwd: repository("."), env: { ...process.env, ...QUIET_PYTHON } });
  child.stdin.on("error", () => undefined);
  const said = text(child.stderr);
  const closed = once(child, "close") as Promise<[number | null]>;
  return {
    send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    lines: createInterface({ input: child.stdout }),
    said,
    async close() {
      child.stdin.end();
      const [code] = await closed;
      const words = await said;
      if (code !== 0 || words !== "") throw new Error(`${command} ended with ${String(code)}:\n${words}`);
    },
  };
}
