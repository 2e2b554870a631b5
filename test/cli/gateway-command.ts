/** Runs a command of the gateway to its end, whatever its exit code. */
import { execFile } from "node:child_process";
import { repository } from "../support/served-example.js";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function gateway(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const program = repository("dist/src/cli/main.js");
    const child = execFile(process.execPath, [program, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
