/** `main()` by itself, in a Python process without a server. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { MainAnswer } from "./calls/call.js";
import { onCores } from "./cores.js";

export interface BareMain {
  readonly answer: MainAnswer;
  /** Milliseconds of every call; none when it was called only once. */
  readonly latencies: Float64Array;
}

interface MainFiles {
  readonly benchFolder: string;
  readonly artifact: string;
  readonly interfaceFile: string;
  readonly inputFile: string;
}

/** Room for the latencies of a few seconds of calls, as text. */
const MOST_OUTPUT_BYTES = 512 * 1024 * 1024;

/**
 * Calls `main()` with the input once, then again and again for some seconds.
 * @throws Error when it fails; its traceback is on standard error
 */
export function callMain(
  python: string,
  { benchFolder, artifact, interfaceFile, inputFile }: MainFiles,
  seconds: number,
  cores?: readonly number[],
): BareMain {
  const [file, ...args] = onCores(cores, [
    python,
    ...["-B", join(benchFolder, "peers", "bare_main.py")],
    ...["--interface", interfaceFile, "--artifact", artifact, "--input", inputFile],
    ...["--seconds", String(seconds)],
  ] as const);
  const output = execFileSync(file, args, {
    encoding: "utf8",
    maxBuffer: MOST_OUTPUT_BYTES,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { answer, nanoseconds } = JSON.parse(output) as { answer: MainAnswer; nanoseconds: number[] };
  return { answer, latencies: Float64Array.from(nanoseconds, (nanosecond) => nanosecond / 1e6) };
}
