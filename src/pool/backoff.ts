/** When a worker whose process has ended gets the next one. */

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** A process that lived this long did not die of its own start. */
const STEADY_AFTER_MS = 5000;

export interface Life {
  readonly lastedMs: number;
  /** Calls it was given. */
  readonly calls: number;
  /** Calls it answered, if only with an error of the artifact. */
  readonly answers: number;
  readonly loaded: boolean;
  /** It was told to leave. */
  readonly wasWished: boolean;
}

/** Whether it ended, against our wish, before it had answered anything or lived for a while. */
export function diedYoung({ lastedMs, answers, loaded, wasWished }: Life): boolean {
  return !wasWished && answers === 0 && (!loaded || lastedMs <= STEADY_AFTER_MS);
}

/**
 * @returns the function that is told of every process that ended and answers with the milliseconds to wait: none for
 * one that died over its work; for those that cannot start or stay alive, doubling, with jitter so that the workers do
 * not start in step
 */
export function createBackoff(): (life: Life) => number {
  let failures = 0;
  return (life) => {
    const { calls, loaded } = life;
    failures = loaded && (calls > 0 || !diedYoung(life)) ? 0 : failures + 1;
    // Somebody has killed it: the next one will do.
    if (failures === 0 || (failures === 1 && loaded)) return 0;
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    return full * (0.5 + Math.random() / 2);
  };
}
