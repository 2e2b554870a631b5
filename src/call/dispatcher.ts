/** The port between the call path and the pool: what the middle of the gateway asks of whatever runs `main()`. */
import type { PythonValue, Struct } from "../values.js";

export interface DispatchContext {
  readonly requestId: string;
  /** Moment on the `performance.now()` clock after which the answer is worth nothing. */
  readonly deadlineAt: number;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
}

export interface Dispatched {
  readonly value: PythonValue;
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
   * Runs `main()` at most once with these inputs.
   * @throws GatewayError `overloaded`, `unavailable`, `deadline_exceeded`, `artifact_error`, `output_invalid`,
   * `too_large`, `worker_lost`; each says in `started` whether `main()` had begun.
   */
  dispatch(inputs: Struct, context: DispatchContext): Promise<Dispatched>;
  state(): DispatcherState;
}
