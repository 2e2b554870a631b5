/** The port between the call path and the pool: what the middle of the gateway asks of whatever runs `main()`. */
export interface DispatchContext {
  readonly requestId: string;
  /** Moment on the `performance.now()` clock after which the answer is worth nothing. */
  readonly deadlineAt: number;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
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
}
