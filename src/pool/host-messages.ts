/**
 * What the gateway and the Python host say to each other. Types and numbers only; both ends change together
 * (`python/gateway_host/channel.py`). Two kinds of channel: the thread's to the supervisor (control, JSON), and the main
 * thread's to each process (calls).
 */

import type { MainOptions } from "../contract/main-options.js";

/** Raised whenever a frame or message changes shape; a host of another version is refused. */
export const PROTOCOL_VERSION = 5;

/** Kinds of frames to the host: the first on the control channel, the others on call channels. */
export const TO_HOST = {
  command: 1,
  call: 2,
  /** Without payload: the call of this id is not wanted any more. Only an `async def main` can be stopped so. */
  cancel: 3,
  /** Several calls to be answered together: `[u32 length][u32 id][inputs]`, one behind the other, little endian. */
  batch: 4,
} as const;

/** Kinds of frames from the host: the first on the control channel, the others on call channels. */
export const FROM_HOST = {
  event: 1,
  /** The first frame of a call channel: JSON of `HostLinkGreeting`. */
  link: 2,
  result: 3,
  artifactError: 4,
  outputInvalid: 5,
  /** Without payload: the call of this id was taken back before it began, and will not. */
  revoked: 6,
} as const;

/** How `main()` is to be called: the part of the contract that Python needs, in the order of `input_info.json`. */
export interface MainInterface {
  /** Path of its module below the root, with `/` and without `/__init__.py` or `.py`; absent: `python_dict`. */
  readonly module?: string;
  readonly tables: readonly {
    readonly alias: string;
    readonly columns: readonly { readonly alias: string; readonly type: string }[];
  }[];
  readonly arguments: readonly string[];
  readonly parameters: readonly string[];
  readonly options: Omit<MainOptions, "typeSpelling">;
}

/**
 * How processes come to have the artifact: each imports it, or one does and is forked for the others; `auto` forks where
 * that is safe for what the artifact has loaded.
 */
export const START_METHODS = ["auto", "fork", "import"] as const;
export type StartMethod = (typeof START_METHODS)[number];

/** The first message to the supervisor. */
export interface HostSetup {
  /** Directory that holds `python_dict/`. */
  readonly root: string;
  readonly interface: MainInterface;
  readonly startMethod: StartMethod;
  /** Pickled inputs of the call that is tried before the first one, in base64. */
  readonly sample: string | null;
  /** Calls that run at once in one process, if the deployer has said so. */
  readonly concurrency: number | null;
  readonly maxRequestBytes: number;
  readonly maxReplyBytes: number;
  /** Threads that numerical libraries may use in one process, unless the environment says otherwise. */
  readonly nativeThreads: number;
  /** Megabytes of data that one process may have. */
  readonly memoryLimitMb: number | null;
  /** Whether each process keeps to one processor. */
  readonly pinToCpu: boolean;
  /** Whether calls may be sent to a process that still runs another. */
  readonly sendsAhead: boolean;
  /** The Unix socket on which the main thread waits for call channels. */
  readonly callSocket: string;
  /** The Unix socket on which the thread waits for what processes print. */
  readonly outputSocket: string;
}

/** Commands to the supervisor. A token says which start is meant; new for every process. */
export type HostCommand =
  | { readonly type: "start"; readonly token: string; readonly index: number }
  | { readonly type: "cancel"; readonly token: string };

/** What the supervisor tells. */
export type HostEvent =
  | { readonly type: "hello"; readonly protocol: number; readonly python: string }
  /** Whether processes are forked from now on; if not, why. */
  | { readonly type: "template"; readonly forks: boolean; readonly reason: string | null }
  | { readonly type: "phase"; readonly token: string; readonly phase: "importing" | "warming" }
  | { readonly type: "started"; readonly token: string; readonly pid: number }
  /** No process for this start, or none that has the artifact. */
  | {
      readonly type: "failed";
      readonly token: string;
      readonly reason:
        "load_failed" | "warm_up_failed" | "start_timeout" | "exit" | "signal" | "spawn_failed";
      readonly detail: string;
      readonly traceback: string;
    }
  | {
      readonly type: "ended";
      readonly token: string;
      readonly how: "exit" | "signal";
      readonly what: number | string;
    };

/** JSON of a `link` frame: the first of each of the two connections that make a call channel. */
export interface HostLinkGreeting {
  readonly token: string;
  readonly carries: "calls" | "answers";
  /** Calls that may run at once in this process. */
  readonly slots: number;
}

/** JSON of `artifactError` and `outputInvalid` frames. For the log, never for a caller. */
export interface HostFailure {
  /** One line: the exception's class, or what was wrong with the output. */
  readonly message: string;
  readonly traceback: string;
  /** Seconds spent in `main()`. */
  readonly seconds?: number;
}

/** A `result` frame's payload: `main()`'s seconds as a big-endian double, then the pickle. */
export const RESULT_PREFIX_BYTES = 8;

/** What a reply frame may have over the largest result: timings, or a failure as JSON. Bytes. */
export const REPLY_MARGIN_BYTES = 64 * 1024;
