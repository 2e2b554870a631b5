/**
 * Preloaded into a gateway that is measured (`node --import`): tells how late its event loop was. Whoever connects to
 * the Unix socket named in the address of this module gets the figures as JSON, and they begin anew.
 */
import { createServer } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import { PROBE_INTERVAL_MS, type LoopDelay } from "./loop-delay.js";

const socketPath = new URL(import.meta.url).searchParams.get("socket");

// Threads preload it as well, and it is the main one that callers wait for.
if (isMainThread && socketPath !== null) {
  const histogram = monitorEventLoopDelay({ resolution: PROBE_INTERVAL_MS });
  histogram.enable();
  const server = createServer((socket) => {
    const after = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - PROBE_INTERVAL_MS);
    const { max } = histogram;
    const figures: LoopDelay = {
      p50: after(histogram.percentile(50)),
      p99: after(histogram.percentile(99)),
      max: after(max),
    };
    histogram.reset();
    socket.end(JSON.stringify(figures));
  });
  server.listen(socketPath).unref();
}
