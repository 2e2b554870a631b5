/**
 * Stops a pool whose processes all die without answering from starting them over and over, and its callers from
 * waiting for them (M. Nygard, "Release It!", the circuit breaker). `backoff.ts` slows down one worker while the others
 * answer; this one judges all of them.
 *
 *   closed ── failures in a row ──▶ open ── pause over, one start ──▶ half_open
 *     ▲                              ▲ ◀───────────── failed ─────────────┘ │
 *     └──────────────────────────── loaded, answered ───────────────────────┘
 *
 * After a probe the circuit is closed on trial: one more life without an answer opens it for twice as long. The first
 * answer ends the trial.
 */
export type CircuitState = "closed" | "open" | "half_open";

export interface CircuitOptions {
  /** Starts or lives in a row, over all processes, that may end without an answer. */
  readonly failures: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

export interface Circuit {
  /** Calls are taken, and the pool can be ready, only while it is closed. */
  readonly state: CircuitState;
  /** Milliseconds until the next probe, for callers and for workers that may not start; 0 while closed. */
  readonly retryAfterMs: number;
  /** Asked before every start. While open the first to ask after the pause gets to be the probe. */
  mayStart(): boolean;
  /** A process has loaded the artifact. */
  loaded(): void;
  /** A call was answered, if only with an error that the artifact raised. */
  answered(): void;
  /** A process ended, or could not be started, without having answered. Not for one that was told to leave. */
  failed(): void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export function createCircuit(options: CircuitOptions): Circuit {
  const { failures, now = () => performance.now(), random = Math.random } = options;
  let state: CircuitState = "closed";
  let failedInARow = 0;
  let fullPauseMs = FIRST_PAUSE_MS;
  let probeAt = 0;

  const open = (): void => {
    state = "open";
    // With jitter, so that gateways that broke together do not start together.
    probeAt = now() + fullPauseMs * (0.5 + random() / 2);
    fullPauseMs = Math.min(LONGEST_PAUSE_MS, fullPauseMs * 2);
  };

  return {
    get state() {
      return state;
    },
    get retryAfterMs() {
      if (state === "closed") return 0;
      // While the probe is starting nobody knows how long it takes.
      return state === "half_open" ? FIRST_PAUSE_MS : Math.max(1, Math.ceil(probeAt - now()));
    },
    mayStart() {
      if (state === "closed") return true;
      if (state === "half_open" || now() < probeAt) return false;
      state = "half_open";
      return true;
    },
    loaded() {
      // Not the probe alone: one that was starting already when the circuit opened proves as much.
      if (state === "closed") return;
      state = "closed";
      failedInARow = failures - 1;
    },
    answered() {
      state = "closed";
      failedInARow = 0;
      fullPauseMs = FIRST_PAUSE_MS;
    },
    failed() {
      if (state === "open") return;
      failedInARow += 1;
      if (failedInARow >= failures || state === "half_open") open();
    },
  };
}
