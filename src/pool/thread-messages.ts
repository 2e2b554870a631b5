/** What the main thread and a worker thread say to each other over their message port. Types only. */
import type { MessagePort } from "node:worker_threads";
import type { EndReason } from "../observe.js";
import type { MainInterface } from "./host-messages.js";

/** The piscina task: keep one Python process until told to drain. */
export interface WorkerTask {
  readonly port: MessagePort;
  readonly python: string;
  readonly root: string;
  readonly interface: MainInterface;
  readonly maxMessageBytes: number;
  readonly startTimeoutMs: number;
  readonly nativeThreads: number;
  /** The Unix socket on which the main thread waits for call channels. */
  readonly socket: string;
}

export type ToThread =
  /** End the process for this reason; nothing happens when it has ended already. */
  | { readonly type: "end"; readonly reason: EndReason; readonly detail: string }
  /** The last process has ended: start the next one. */
  | { readonly type: "restart" }
  /** End the process and the task. */
  | { readonly type: "drain" };

export type FromThread =
  | { readonly type: "started"; readonly pid: number; readonly token: string }
  | { readonly type: "ready"; readonly pid: number; readonly loadMs: number; readonly python: string }
  | {
      readonly type: "ended";
      readonly pid: number | undefined;
      readonly reason: EndReason;
      readonly detail: string;
      readonly traceback: string;
    }
  | { readonly type: "output"; readonly stream: "stdout" | "stderr"; readonly line: string };
