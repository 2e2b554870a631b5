/** What an artifact prints, as lines of bounded length and number: a flood must not become a flood of log lines. */
import type { Readable } from "node:stream";

const MAX_LINE = 8192;
const LINES_PER_SECOND = 200;
const BURST = 1000;

/** Reads a stream to its end whatever it carries; `onLine` gets what fits the limits and a note of what was dropped. */
export function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  let tokens = BURST;
  let dropped = 0;
  let refilledAt = performance.now();

  const emit = (line: string): void => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - refilledAt) / 1000) * LINES_PER_SECOND);
    refilledAt = now;
    if (tokens < 1) {
      dropped += 1;
      return;
    }
    tokens -= 1;
    if (dropped > 0) {
      onLine(`[${dropped} lines left out]`);
      dropped = 0;
    }
    onLine(line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}[cut]` : line);
  };

  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE) {
      lines.push(rest);
      rest = "";
    }
    for (const line of lines) if (line !== "") emit(line);
  });
  stream.on("close", () => {
    if (rest !== "") emit(rest);
    if (dropped > 0) onLine(`[${dropped} lines left out]`);
  });
  // A reset stream of a process that has gone is its end, nothing more.
  stream.on("error", () => stream.destroy());
}
