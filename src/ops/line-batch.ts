/**
 * Lines on their way to a destination, several in one write: a write costs as much as everything else that is done
 * about a line.
 */

/** How long a line may wait for others, in milliseconds. */
const LONGEST_WAIT_MS = 50;
/** So many characters are written without waiting for more. */
const ENOUGH = 64 * 1024;

export interface LineBatch {
  /** Adds a line, with its end. */
  write(line: string): void;
  /** Hands on what is waiting. */
  flush(): void;
}

/** @param send writes text; called with whole lines, in their order */
export function createLineBatch(send: (lines: string) => void): LineBatch {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = "";
    if (lines !== "") send(lines);
  };
  return {
    write(line) {
      waiting += line;
      if (waiting.length >= ENOUGH) flush();
      else timer ??= setTimeout(flush, LONGEST_WAIT_MS);
    },
    flush,
  };
}
