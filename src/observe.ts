/** The named happenings of the gateway. Stages report them; `ops/` turns them into log lines. */
import type { Code } from "./errors.js";

export type Protocol = "soap" | "grpc" | "run";

/** One finished call, whatever its end. Durations in milliseconds, sizes in bytes; never an input value. */
export interface CallRecord {
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
  readonly code: Code | "ok";
  readonly durationMs: number;
  /** Time spent waiting for a worker, and inside `main()`; absent when the call never got there. */
  readonly queuedMs?: number;
  readonly runMs?: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly worker?: number;
  /** The error behind a code, with its cause: for the log, never for the caller. */
  readonly error?: Error;
}

/** Why a Python process ended; closed, so that one word reaches log, page and metric alike. */
export const END_REASONS = [
  "drain",
  "deadline",
  "exit",
  "signal",
  "load_failed",
  "start_timeout",
  "protocol_error",
  "spawn_failed",
] as const;
export type EndReason = (typeof END_REASONS)[number];

export interface Observer {
  callFinished(record: CallRecord): void;
  processStarted(event: { service: string; worker: number; pid: number }): void;
  processReady(event: { service: string; worker: number; pid: number; loadMs: number }): void;
  processEnded(event: {
    service: string;
    worker: number;
    pid: number | undefined;
    reason: EndReason;
    detail: string;
    /** The Python traceback or last words, when there are any. */
    traceback?: string;
  }): void;
  /** One line that the artifact wrote to stdout or stderr. */
  artifactOutput(event: { service: string; worker: number; stream: "stdout" | "stderr"; line: string }): void;
}
