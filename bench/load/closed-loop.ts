/** A closed loop: a fixed number of calls in flight, the next one sent when the last one is answered. */
import type { Load, LoadResult } from "./load.js";
import { openLines, type Line } from "./open-connections.js";
import { createTally } from "./tally.js";

/** Runs the load to its end. Never rejects: whatever goes wrong is counted. */
export async function runClosedLoop(load: Load): Promise<LoadResult> {
  const { target, expected, connections, streams, durationMs } = load;
  const tally = createTally(expected);
  const lines = await openLines(target, connections);
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const until = began + durationMs;

  /** One call after another; resolves behind the last. */
  const runStream = (line: Line): Promise<void> =>
    new Promise((resolve) => {
      const next = (): void => {
        const sent = performance.now();
        if (sent >= until || tally.isHopeless()) {
          resolve();
          return;
        }
        line.take((connection) => {
          if (connection === undefined) {
            tally.fail("connect");
            resolve();
            return;
          }
          connection.call((answer) => {
            tally.add(answer, performance.now() - sent);
            next();
          });
        });
      };
      next();
    });

  await Promise.all(lines.flatMap((line) => Array.from({ length: streams }, () => runStream(line))));
  const elapsedMs = performance.now() - began;
  for (const line of lines) line.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...tally.result(), elapsedMs, clientCpuMs: (user + system) / 1000 };
}
