/** The named happenings of the gateway. Stages report them; `ops/` turns them into log lines. */
import type { Code } from "./errors.js";

export type Protocol = "soap" | "grpc" | "run";

/** One finished call, whatever its end. Durations in milliseconds, sizes in bytes; never an input value. */
export interface CallRecord {
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
  /** The name that the caller has proved: a user or the subject of a certificate that the deployer has listed. */
  readonly caller?: string | undefined;
  readonly code: Code | "ok";
  readonly durationMs: number;
  /** Time spent waiting for a worker, and inside `main()`; absent when the call never got there. */
  readonly queuedMs?: number | undefined;
  readonly runMs?: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly worker?: number | undefined;
  /** The error behind a code, with its cause: for the log, never for the caller. */
  readonly error?: Error | undefined;
}

/** Why a Python process ended; closed, so that one word reaches log, page and metric alike. */
export const END_REASONS = [
  /** The gateway stops. */
  "drain",
  /** A call overran its deadline. */
  "deadline",
  /** The caller of the running call has gone, and the deployer wants such calls stopped. */
  "cancelled",
  /** Calls that nobody waits for any more keep its threads. */
  "stuck",
  /** It has had as many calls, or has grown as large, as the deployer allows. */
  "recycled",
  /** By itself, or by a signal of somebody else. */
  "exit",
  "signal",
  /** The artifact could not be imported, failed for its sample, or took too long over either. */
  "load_failed",
  "warm_up_failed",
  "start_timeout",
  /** It wrote something that is no answer, or closed its channel. */
  "protocol_error",
  /** The interpreter could not be started, or the process that starts all others has gone. */
  "spawn_failed",
  "supervisor_lost",
] as const;
export type EndReason = (typeof END_REASONS)[number];

export interface Observer {
  /** Something was thrown where nothing should be: a defect of ours. */
  defect(event: { where: string; error: unknown }): void;
  callFinished(record: CallRecord): void;
  /** How processes come to have the artifact from now on: forked from one that has it, or not and why not. */
  startMethodChosen(event: { service: string; forks: boolean; reason: string }): void;
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
  /** One line that the artifact wrote to stdout or stderr; without a worker while it was imported for all of them. */
  artifactOutput(event: {
    service: string;
    worker: number | undefined;
    stream: "stdout" | "stderr";
    line: string;
  }): void;
}
