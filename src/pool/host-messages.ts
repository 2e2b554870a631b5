/**
 * What the gateway and the Python host say to each other. Types and numbers only; both ends change together
 * (`python/gateway_host/channel.py`). Two channels: the worker thread's (control) and the main thread's (calls).
 */

/** Raised whenever a frame or message changes shape; a host of another version is refused. */
export const PROTOCOL_VERSION = 2;

/** Kinds of frames to the host. */
export const TO_HOST = { setup: 1, call: 2 } as const;

/** Kinds of frames from the host: the first three on the control channel, the others on the call channel. */
export const FROM_HOST = {
  hello: 1,
  ready: 2,
  loadFailed: 3,
  result: 4,
  artifactError: 5,
  outputInvalid: 6,
  /** The first frame of a call channel; its payload is the token of the set-up. */
  link: 7,
} as const;

/** How `main()` is to be called: the part of the contract that Python needs. */
export interface MainInterface {
  readonly tables: readonly {
    readonly alias: string;
    readonly columns: readonly { readonly alias: string; readonly type: string }[];
  }[];
  readonly arguments: readonly string[];
  readonly parameters: readonly string[];
}

/** JSON of a `setup` frame. */
export interface HostSetup {
  /** Directory that holds `python_dict/`. */
  readonly root: string;
  readonly interface: MainInterface;
  /** Process id of the gateway: a host that finds another parent has been orphaned and exits. */
  readonly parent: number;
  readonly maxReplyBytes: number;
  /** Threads that numerical libraries may use in one process, unless the environment says otherwise. */
  readonly nativeThreads: number;
  /** The Unix socket on which the main thread waits for call channels. */
  readonly socket: string;
  /** Says which process a call channel belongs to; new for every process. */
  readonly token: string;
}

/** JSON of a `hello` frame. */
export interface HostHello {
  readonly protocol: number;
  readonly python: string;
}

/** JSON of `loadFailed`, `artifactError` and `outputInvalid` frames. For the log, never for a caller. */
export interface HostFailure {
  /** One line: the exception's class, or what was wrong with the output. */
  readonly message: string;
  readonly traceback: string;
  /** Seconds spent in `main()`; absent for `loadFailed`. */
  readonly seconds?: number;
}

/** A `result` frame's payload: `main()`'s seconds as a big-endian double, then the pickle. */
export const RESULT_PREFIX_BYTES = 8;

/** What a reply frame may have over the largest result: timings, or a failure as JSON. Bytes. */
export const REPLY_MARGIN_BYTES = 64 * 1024;
