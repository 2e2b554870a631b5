/**
 * The piscina task of one worker: keeps one Python process alive until it is told to drain. The thread stays, the
 * process is replaced; a failure to start is a state, never an exception that would end the thread.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startPython, type PythonProcess } from "./python-process.js";
import type { FromThread, ToThread, WorkerTask } from "./thread-messages.js";

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;

/** A process that lived this long did not die of its own start. */
const STEADY_AFTER_MS = 5000;

const NO_PROCESS = {
  code: "worker_lost",
  started: false,
  alive: false,
  runMs: 0,
  detail: "no process",
} as const;

/** Runs until drained; resolves once the last process has gone. */
export default async function superviseWorker(task: WorkerTask): Promise<void> {
  const { port } = task;
  const draining = new AbortController();
  const isDraining = (): boolean => draining.signal.aborted;
  const post = (message: FromThread): void => port.postMessage(message);
  let current: PythonProcess | undefined;
  let calls = 0;

  port.on("message", (message: ToThread) => {
    switch (message.type) {
      case "call":
        void answer(message);
        break;
      case "drain":
        draining.abort();
        current?.stop();
        break;
    }
  });

  const answer = async (call: Extract<ToThread, { type: "call" }>): Promise<void> => {
    const { id } = call;
    if (current === undefined) {
      post({ type: "failed", id, ...NO_PROCESS });
      return;
    }
    calls += 1;
    const reply = await current.call(id, call.payload, call.timeoutMs);
    // Copied to its own size: a view would take the whole read buffer along to the main thread.
    if (reply.ok) post({ type: "result", id, payload: new Uint8Array(reply.payload), runMs: reply.runMs });
    else {
      const { code, started, alive, runMs, detail } = reply;
      post({ type: "failed", id, code, started, alive, runMs, detail });
    }
  };

  let failures = 0;
  while (!isDraining()) {
    const startedAt = performance.now();
    const child = startPython({
      python: task.python,
      setup: {
        root: task.root,
        interface: task.interface,
        parent: process.pid,
        maxReplyBytes: task.maxMessageBytes,
      },
      startTimeoutMs: task.startTimeoutMs,
      onLine: (stream, line) => post({ type: "output", stream, line }),
    });
    if (child.pid !== undefined) post({ type: "started", pid: child.pid });
    const { pid } = child;
    calls = 0;
    current = child;
    if (isDraining()) child.stop();
    const python = await Promise.race([child.ready, child.ended.then(() => undefined)]);
    if (python !== undefined && pid !== undefined) {
      post({ type: "ready", pid, loadMs: performance.now() - startedAt, python });
    }
    const end = await child.ended;
    current = undefined;
    // A process that died over its work is replaced at once; one that cannot load, or keep itself alive, gets time.
    const steady = calls > 0 || performance.now() - startedAt > STEADY_AFTER_MS;
    failures = python !== undefined && steady ? 0 : failures + 1;
    const restartInMs = failures === 0 ? 0 : backoff(failures);
    post({ type: "ended", pid, ...end, ...(isDraining() ? {} : { restartInMs }) });
    if (restartInMs > 0)
      await sleep(restartInMs, undefined, { signal: draining.signal }).catch(() => undefined);
  }
  port.close();
  await once(port, "close");
}

/** Doubles from the first step to the longest, with jitter so that the workers do not start in step. */
function backoff(failures: number): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return full * (0.5 + Math.random() / 2);
}
