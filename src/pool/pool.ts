/**
 * The pool of one artifact: piscina's threads, each with the one Python process it owns, and the queue of calls in
 * front of them. Invariants and the drawing of a call's life are in README.md beside this file.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Dispatcher } from "../call/dispatcher.js";
import { defer } from "../deferred.js";
import { GatewayError, Refusal, type Code } from "../errors.js";
import type { Observer } from "../observe.js";
import { createCallQueue, type Call } from "./call-queue.js";
import type { MainInterface } from "./host-messages.js";
import { NotDataError, readPickle } from "./pickle-reader.js";
import { writePickle } from "./pickle-writer.js";
import type { FromThread, ToThread, WorkerTask } from "./thread-messages.js";

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
  readonly processes: number;
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

/** What callers are told when a worker could not answer; the cause goes to the log. */
const TOLD: Partial<Record<Code, string>> = {
  artifact_error: "The artifact raised an error for this input.",
  output_invalid: "The artifact returned something that is not data.",
  worker_lost: "The process that ran this call was lost.",
  deadline_exceeded: "The call was not finished by its deadline.",
};

interface Worker {
  readonly index: number;
  readonly port: MessagePort;
  /** `failed`: its process could not be started and is given time; `replacing`: a new one is on its way. */
  state: "starting" | "idle" | "busy" | "replacing" | "failed" | "drained";
  pid: number | undefined;
  running: { readonly call: Call; readonly queuedMs: number } | undefined;
}

/** Starts the threads and their processes. */
export function createPool(options: PoolOptions): Pool {
  const { service, observer, processes } = options;
  const piscina = new Piscina({
    filename: WORKER_THREAD,
    minThreads: processes,
    maxThreads: processes,
    idleTimeout: Number.POSITIVE_INFINITY,
    // The thread's own event loop has to run while its one task lasts: it reads Python's pipes.
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
  const tasks = Array.from({ length: processes }, (_, index) => superviseWorker(index));

  /** Keeps one thread on its task; a thread that is lost takes its process along and is started again. */
  async function superviseWorker(index: number): Promise<void> {
    do {
      const { port1, port2 } = new MessageChannel();
      const worker: Worker = { index, port: port1, state: "starting", pid: undefined, running: undefined };
      workers[index] = worker;
      port1.on("message", (message: FromThread) => onMessage(worker, message));
      const { python, root, maxMessageBytes, startTimeoutMs } = options;
      const task: WorkerTask = {
        port: port2,
        python,
        root,
        interface: options.interface,
        maxMessageBytes,
        startTimeoutMs,
      };
      // The port closes behind the thread's last message, and by itself when the thread is lost.
      const closed = once(port1, "close");
      try {
        await piscina.run(task, { transferList: [port2] });
      } catch (error) {
        onThreadLost(worker, error);
      }
      await closed;
      if (accepting) await sleep(RETRY_AFTER_MS);
    } while (accepting);
  }

  function onMessage(worker: Worker, message: FromThread): void {
    const at = { service, worker: worker.index };
    switch (message.type) {
      case "started":
        worker.pid = message.pid;
        observer.processStarted({ ...at, pid: message.pid });
        return;
      case "ready":
        worker.state = "idle";
        observer.processReady({ ...at, pid: message.pid, loadMs: message.loadMs });
        if (workers.every(({ state }) => state !== "starting")) started.resolve(message.python);
        feed();
        return;
      case "ended": {
        const { pid, reason, detail, traceback, restartInMs } = message;
        const neverLoaded = worker.state === "starting";
        worker.pid = undefined;
        worker.state = restartInMs === undefined ? "drained" : restartInMs === 0 ? "replacing" : "failed";
        observer.processEnded({ ...at, pid, reason, detail, ...(traceback === "" ? {} : { traceback }) });
        if (neverLoaded) started.reject(notLoaded(service, detail));
        if (!hasProcess()) queue.giveUp(unavailable());
        return;
      }
      case "result":
        finish(worker, message.id, true, (call, queuedMs) => {
          const value = readPickle(message.payload);
          call.outcome.resolve({ value, queuedMs, runMs: message.runMs, worker: worker.index });
        });
        return;
      case "failed":
        finish(worker, message.id, message.alive, (call) => {
          if (message.started) call.outcome.reject(failure(message.code, new Error(message.detail)));
          else queue.putBack(call);
        });
        return;
      case "output":
        observer.artifactOutput({ ...at, stream: message.stream, line: message.line });
        return;
    }
  }

  /** Settles the call a worker was running and gives the worker its next one. */
  function finish(
    worker: Worker,
    id: number,
    alive: boolean,
    settle: (call: Call, queuedMs: number) => void,
  ): void {
    const { running } = worker;
    if (running?.call.id !== id) return;
    worker.running = undefined;
    if (worker.state === "busy") worker.state = alive ? "idle" : "replacing";
    try {
      settle(running.call, running.queuedMs);
    } catch (error) {
      const cause = error instanceof NotDataError ? error : new Error("unreadable result", { cause: error });
      running.call.outcome.reject(failure("output_invalid", cause));
    }
    feed();
  }

  /** Gives waiting calls to idle workers. */
  function feed(): void {
    for (const worker of workers) {
      if (worker.state !== "idle") continue;
      const call = queue.take();
      if (call === undefined) break;
      const now = performance.now();
      worker.state = "busy";
      worker.running = { call, queuedMs: now - call.queuedAt };
      const { id, payload, deadlineAt } = call;
      worker.port.postMessage({ type: "call", id, payload, timeoutMs: deadlineAt - now } satisfies ToThread);
    }
    if (queue.size === 0 && workers.every(({ running }) => running === undefined)) onEmpty?.();
  }

  /** The thread itself failed, which only a defect of ours can bring about: nothing may be left of it. */
  function onThreadLost(worker: Worker, error: unknown): void {
    kill(worker);
    if (worker.state === "starting")
      started.reject(notLoaded(service, "a worker thread could not be started"));
    worker.state = "failed";
    const { running } = worker;
    worker.running = undefined;
    running?.call.outcome.reject(failure("worker_lost", error));
    const detail = error instanceof Error ? (error.stack ?? error.message) : "the worker thread failed";
    observer.processEnded({ service, worker: worker.index, pid: worker.pid, reason: "exit", detail });
    if (!hasProcess()) queue.giveUp(unavailable());
  }

  function hasProcess(): boolean {
    return workers.some(({ state }) => state === "idle" || state === "busy" || state === "replacing");
  }

  return {
    started: started.promise,

    async dispatch(inputs, context) {
      if (!accepting || !hasProcess()) throw unavailable();
      const payload = writePickle(inputs);
      if (payload.length > options.maxMessageBytes) {
        throw new GatewayError("too_large", `The request is larger than ${options.maxMessageBytes} bytes.`);
      }
      nextId = (nextId + 1) >>> 0;
      const outcome = queue.add(nextId, payload, context);
      feed();
      return outcome;
    },

    state() {
      const ready = workers.filter(({ state }) => state === "idle" || state === "busy").length;
      const running = workers.filter((worker) => worker.running !== undefined).length;
      return { ready, processes, queued: queue.size, running };
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
      for (const worker of workers) worker.port.postMessage({ type: "drain" } satisfies ToThread);
      await Promise.all(tasks);
      await piscina.destroy();
    },

    killAll() {
      workers.forEach(kill);
    },
  };
}

/** Ends a worker's process and everything in its group. */
function kill(worker: Worker): void {
  if (worker.pid === undefined) return;
  try {
    process.kill(-worker.pid, "SIGKILL");
  } catch {
    // ESRCH: it has already gone.
  }
}

function failure(code: Code, cause: unknown): GatewayError {
  return new GatewayError(code, TOLD[code] ?? "The call failed.", { started: true, cause });
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
