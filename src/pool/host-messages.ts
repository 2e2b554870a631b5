/** What a worker thread and the Python host say to each other. Types and numbers only; both ends change together. */

/** Raised whenever a frame or message changes shape; a host of another version is refused. */
export const PROTOCOL_VERSION = 1;

/** Kinds of frames to the host. */
export const TO_HOST = { setup: 1, call: 2 } as const;

/** Kinds of frames from the host. */
export const FROM_HOST = {
  hello: 1,
  ready: 2,
  loadFailed: 3,
  result: 4,
  artifactError: 5,
  outputInvalid: 6,
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
