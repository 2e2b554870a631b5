/**
 * The pool of one artifact: piscina's threads, each with the one Python process it owns, and the queue of calls in
 * front of them. Invariants and the drawing of a call's life are in README.md beside this file.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Dispatcher } from "../call/dispatcher.js";
import { defer } from "../deferred.js";
import { GatewayError, Refusal } from "../errors.js";
import type { Observer } from "../observe.js";
import { createCallQueue } from "./call-queue.js";
import { listenForHosts } from "./host-links.js";
import { REPLY_MARGIN_BYTES, type MainInterface } from "./host-messages.js";
import { killGroup } from "./kill-group.js";
import type { WorkerTask } from "./thread-messages.js";
import { createWorker, type Worker, type WorkerState } from "./worker.js";

const WORKER_THREAD = new URL("./worker-thread.js", import.meta.url).href;

/** When to come back to a pool that has no process to offer, in milliseconds. */
const RETRY_AFTER_MS = 1000;

export interface PoolOptions {
  readonly service: string;
  /** Directory that holds `python_dict/`. */
  readonly root: string;
  readonly interface: MainInterface;
  /** The interpreter, by path or by name. */
  readonly python: string;
  /** Calls that run at once. */
  readonly processes: number;
  /** Processes beyond these that have loaded the artifact and wait to take the place of one that is lost. */
  readonly spareProcesses: number;
  readonly maxMessageBytes: number;
  readonly startTimeoutMs: number;
  readonly observer: Observer;
}

export interface Pool extends Dispatcher {
  /**
   * Resolves with the version of Python once every process has loaded the artifact.
   * @throws Refusal `artifact` when it cannot be loaded; the traceback has gone to the observer by then
   */
  readonly started: Promise<string>;
  /** Lets the calls in hand finish for at most `graceMs`, then ends every process. Resolves when nothing is left. */
  drain(graceMs: number): Promise<void>;
  /** Ends every process at once; synchronous, for the handler of the gateway's own exit. */
  killAll(): void;
}

/**
 * Starts the threads and their processes.
 * @throws Refusal `usage` when the temporary folder cannot hold the socket that they connect to
 */
export function createPool(options: PoolOptions): Pool {
  const { service, observer, processes } = options;
  const threads = processes + options.spareProcesses;
  const links = listenForHosts(options.maxMessageBytes + REPLY_MARGIN_BYTES);
  const piscina = new Piscina({
    filename: WORKER_THREAD,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    // The thread's own event loop has to run while its one task lasts: it watches its process.
    atomics: "disabled",
    recordTiming: false,
  });
  const queue = createCallQueue();
  const started = defer<string>();
  // Whoever takes no interest in the start must not be ended by its failure.
  started.promise.catch(() => undefined);
  let onEmpty: (() => void) | undefined;
  let nextId = 0;
  let accepting = true;

  const workers: Worker[] = [];
  const tasks = Array.from({ length: threads }, (_, index) => superviseWorker(index));

  /** Keeps one thread on its task; a thread that is lost takes its process along and is started again. */
  async function superviseWorker(index: number): Promise<void> {
    do {
      const { port1: port, port2 } = new MessageChannel();
      const worker = createWorker({
        index,
        service,
        port,
        links,
        observer,
        onChange: feed,
        onFirstStart(outcome) {
          if ("failed" in outcome) started.reject(notLoaded(service, outcome.failed));
          else if (count("starting") === 0) started.resolve(outcome.python);
        },
      });
      workers[index] = worker;
      await links.listening;
      const { python, root, maxMessageBytes, startTimeoutMs } = options;
      const task: WorkerTask = {
        port: port2,
        python,
        root,
        interface: options.interface,
        maxMessageBytes,
        startTimeoutMs,
        // Each process would take all cores for itself, and the processes would wait for one another.
        nativeThreads: Math.max(1, Math.floor(availableParallelism() / processes)),
        socket: links.path,
      };
      // The port closes behind the thread's last message, and by itself when the thread is lost.
      const closed = once(port, "close");
      try {
        await piscina.run(task, { transferList: [port2] });
      } catch (error) {
        killGroup(worker.pid);
        worker.lost(error);
      }
      await closed;
      if (accepting) await sleep(RETRY_AFTER_MS);
    } while (accepting);
  }

  /**
   * Gives waiting calls to idle workers, and gives them up when no worker can become idle soon. Spares are not set
   * apart: whoever is idle takes a call, as long as no more than `processes` are busy.
   */
  function feed(): void {
    if (!hasProcess()) queue.giveUp(unavailable());
    let busy = count("busy");
    for (const worker of workers) {
      if (worker.state !== "idle") continue;
      const call = busy < processes ? queue.take() : undefined;
      if (call === undefined) break;
      worker.run(call);
      busy += 1;
    }
    if (queue.size === 0 && busy === 0) onEmpty?.();
  }

  function count(state: WorkerState): number {
    return workers.filter((worker) => worker.state === state).length;
  }

  function hasProcess(): boolean {
    return workers.some(({ state }) => state === "idle" || state === "busy" || state === "replacing");
  }

  return {
    started: started.promise,

    async dispatch(inputs, context) {
      if (!accepting || !hasProcess()) throw unavailable();
      nextId = (nextId + 1) >>> 0;
      const outcome = queue.add(nextId, inputs, context);
      feed();
      return outcome;
    },

    state() {
      const running = count("busy");
      return { ready: Math.min(processes, count("idle") + running), processes, queued: queue.size, running };
    },

    async drain(graceMs) {
      accepting = false;
      started.reject(notLoaded(service, "the gateway was stopped"));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
        feed();
      });
      queue.giveUp(unavailable());
      for (const worker of workers) worker.drain();
      await Promise.all(tasks);
      await piscina.destroy();
      await links.close();
    },

    killAll() {
      for (const { pid } of workers) killGroup(pid);
    },
  };
}

function unavailable(): GatewayError {
  const message = "No process is ready to run the artifact.";
  return new GatewayError("unavailable", message, { retryAfterMs: RETRY_AFTER_MS });
}

function notLoaded(service: string, detail: string): Refusal {
  return new Refusal("artifact", [
    {
      where: service,
      path: "python_dict/__init__.py",
      message: `The artifact could not be loaded: ${detail}.`,
      remedy: "The log has the Python traceback; correct the environment or the artifact and start again.",
    },
  ]);
}
