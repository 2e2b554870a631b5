/** The signals that ask the gateway to stop. */

const STOPPING = ["SIGTERM", "SIGINT"] as const;

/** One Ctrl-C arrives twice when a package runner passes it on as well; only a later one means "at once". */
const SAME_WISH_MS = 1000;

export interface StopSignals {
  /** The first signal: drain. */
  readonly first: Promise<NodeJS.Signals>;
  /** Takes the handlers away. */
  ignore(): void;
}

/** @param onInsisted called for every signal that comes after the first and its echoes: stop at once */
export function listenForStop(onInsisted: () => void): StopSignals {
  let firstAt: number | undefined;
  let resolveFirst: (signal: NodeJS.Signals) => void = () => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => (resolveFirst = resolve));
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      resolveFirst(signal);
    } else if (performance.now() - firstAt > SAME_WISH_MS) {
      onInsisted();
    }
  };
  for (const name of STOPPING) process.on(name, onSignal);
  return {
    first,
    ignore() {
      for (const name of STOPPING) process.off(name, onSignal);
    },
  };
}
