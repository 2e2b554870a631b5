/** What the main thread and a worker thread say to each other over their message port. Types only. */
import type { MessagePort } from "node:worker_threads";
import type { Code } from "../errors.js";
import type { EndReason } from "../observe.js";
import type { MainInterface } from "./host-messages.js";

/** The piscina task: supervise one Python process until told to drain. */
export interface WorkerTask {
  readonly port: MessagePort;
  readonly python: string;
  readonly root: string;
  readonly interface: MainInterface;
  readonly maxMessageBytes: number;
  readonly startTimeoutMs: number;
}

export type ToThread =
  | {
      readonly type: "call";
      readonly id: number;
      readonly payload: Uint8Array;
      /** Milliseconds left. Relative, because every thread has its own `performance.now()`. */
      readonly timeoutMs: number;
    }
  | { readonly type: "drain" };

export type FromThread =
  | { readonly type: "started"; readonly pid: number }
  | { readonly type: "ready"; readonly pid: number; readonly loadMs: number; readonly python: string }
  | {
      readonly type: "ended";
      readonly pid: number | undefined;
      readonly reason: EndReason;
      readonly detail: string;
      readonly traceback: string;
      /** Milliseconds until the next process is started; absent when there will be none. */
      readonly restartInMs?: number;
    }
  | {
      readonly type: "result";
      readonly id: number;
      readonly payload: Uint8Array;
      readonly runMs: number;
    }
  | {
      readonly type: "failed";
      readonly id: number;
      readonly code: Code;
      readonly started: boolean;
      /** False when the process is gone or going: the worker takes no call until it is ready again. */
      readonly alive: boolean;
      readonly runMs: number;
      /** For the log. */
      readonly detail: string;
    }
  | { readonly type: "output"; readonly stream: "stdout" | "stderr"; readonly line: string };
