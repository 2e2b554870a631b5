/** One line that says what is being waited for, with the seconds; on a terminal only, and gone when it is done. */

const REDRAW_MS = 200;

/** @returns the function that takes the line away; it may be called again */
export function showProgress(what: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => undefined;
  const startedAt = performance.now();
  const draw = (): void => {
    const seconds = Math.floor((performance.now() - startedAt) / 1000);
    stderr.write(`\r\u001b[K${what} … ${seconds} s`);
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  let done = false;
  return () => {
    if (done) return;
    done = true;
    clearInterval(timer);
    stderr.write("\r\u001b[K");
  };
}
