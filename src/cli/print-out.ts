/** The output of a command. */

/**
 * Writes to standard output and waits until it is taken: the process ends after the command, and what a pipe has not taken by then
 * would be lost. A reader that has gone, such as `head`, wants nothing more.
 */
export function printOut(text: string): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve) => {
    stdout.once("error", () => resolve());
    stdout.write(text, () => resolve());
  });
}
