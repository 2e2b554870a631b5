/** Asks the gateway how late its event loop was; the other end is `loop-probe.ts`. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Milliseconds by which a timer came late. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How often the loop is looked at, in milliseconds: Node's own choice, and that of those who watch it in production. */
export const PROBE_INTERVAL_MS = 10;

/** Arguments of Node that put the probe into a process. @param socketPath Unix socket that it will listen on */
export function probeArguments(socketPath: string): readonly string[] {
  const module = new URL("./loop-probe.js", import.meta.url);
  module.searchParams.set("socket", socketPath);
  return ["--import", module.href];
}

/** How late it was since the last time somebody asked. @throws Error when there is no probe */
export async function readLoopDelay(socketPath: string): Promise<LoopDelay> {
  return JSON.parse(await text(connect(socketPath))) as LoopDelay;
}
