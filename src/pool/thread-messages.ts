/** What the main thread and the host thread say to each other over their message port. Types only. */
import type { MessagePort } from "node:worker_threads";
import type { HostCommand, HostEvent, HostSetup } from "./host-messages.js";

/** The piscina task: keep the supervisor of one artifact's processes until told to drain. */
export interface HostTask {
  readonly port: MessagePort;
  readonly python: string;
  readonly setup: HostSetup;
  /** Whether to tell from time to time how much memory each process has. */
  readonly watchMemory: boolean;
}

export type ToThread = HostCommand | { readonly type: "drain" };

/** Events of one start, by its token. */
export type StartEvent =
  | Extract<HostEvent, { readonly type: "phase" | "started" }>
  | { readonly type: "memory"; readonly token: string; readonly residentMb: number }
  /** There is no process for this start, or it has gone. Nothing follows. */
  | {
      readonly type: "over";
      readonly token: string;
      readonly reason:
        Extract<HostEvent, { readonly type: "failed" }>["reason"] | "spawn_failed" | "supervisor_lost";
      readonly detail: string;
      readonly traceback: string;
    };

export type FromThread =
  | StartEvent
  | { readonly type: "supervisor"; readonly python: string }
  | Extract<HostEvent, { readonly type: "template" }>
  /** One line; without a token it was printed while the artifact was imported for all processes. */
  | {
      readonly type: "output";
      readonly token: string | undefined;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
    };
