/** The port between the call path and the pool: what the middle of the gateway asks of whatever runs `main()`. */
import type { Backlog, Flow } from "./flow.js";
import type { Gone } from "./gone.js";
import type { ServiceTime } from "./service-time.js";

export interface DispatchContext extends Flow {
  readonly requestId: string;
  /** Moment on the `performance.now()` clock after which the answer is worth nothing. */
  readonly deadlineAt: number;
  /** Aborted when the caller has gone. */
  readonly signal?: Gone | undefined;
  /** Rows of the only table; 0 or absent where the call cannot be joined with others. */
  readonly rows?: number;
}

export interface Dispatched {
  /** What `main()` returned, pickled. */
  readonly result: Uint8Array;
  readonly queuedMs: number;
  readonly runMs: number;
  readonly worker: number;
}

export interface DispatcherState {
  /** Processes that have loaded the artifact, busy or not. */
  readonly ready: number;
  readonly processes: number;
  readonly queued: number;
  readonly running: number;
}

export interface Dispatcher {
  /**
   * Runs `main()` at most once.
   * @param inputs pickled by `encode-inputs.ts`
   * @throws GatewayError `overloaded`, `unavailable`, `deadline_exceeded`, `artifact_error`, `output_invalid`,
   * `worker_lost`; each says in `started` whether `main()` had begun.
   */
  dispatch(inputs: Uint8Array, context: DispatchContext): Promise<Dispatched>;
  state(): DispatcherState;
  /** Calls that can run at once, at least 1. */
  readonly slots: () => number;
  /** The calls that wait. */
  readonly backlog: Backlog;
  readonly serviceTime: ServiceTime;
}
