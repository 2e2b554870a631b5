/**
 * The pool of one artifact: the workers, the queue of calls in front of them, and the piscina thread that hosts their
 * processes. Invariants and the drawing of a call's life are in README.md beside this file.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Dispatcher } from "../call/dispatcher.js";
import { createServiceTime } from "../call/service-time.js";
import { defer } from "../deferred.js";
import { maxInputBytes } from "../limits.js";
import { mayWait } from "./ahead.js";
import { createAvailability } from "./availability.js";
import { diedYoung } from "./backoff.js";
import { createCall, createCallQueue, rejectUnwanted, type Call } from "./call-queue.js";
import { chooseWorker } from "./choose-worker.js";
import { openClaims } from "./claims.js";
import { createCircuit, type CircuitState } from "./circuit.js";
import { listenForHosts } from "./host-links.js";
import { REPLY_MARGIN_BYTES } from "./host-messages.js";
import { notLoaded, unavailable } from "./pool-errors.js";
import { setupOf, type PoolOptions } from "./pool-options.js";
import { makePrivateFolder } from "./private-folder.js";
import type { PythonProcess } from "./process-options.js";
import { createRecycler } from "./recycle.js";
import { createBatchTaker } from "./take-batch.js";
import type { FromThread, HostTask, ToThread } from "./thread-messages.js";
import { createWorker, type Worker, type WorkerState } from "./worker.js";

const HOST_THREAD = new URL("./host-thread.js", import.meta.url).href;

/** Lives in a row without an answer, in a small pool, that make a crash loop. */
const LEAST_FAILURES = 5;

/** How long processes may take to end one by one before their supervisor is ended, in milliseconds. */
const STOPPING_MS = 2000;

export interface PoolHealth {
  /** The state of each worker. */
  readonly workers: readonly WorkerState[];
  readonly circuit: CircuitState;
  /** The last process that could not be started or did not stay, until one is ready again. */
  readonly lastFailure?: { readonly reason: string; readonly detail: string; readonly traceback: string };
}

export interface Pool extends Dispatcher {
  /**
   * Resolves with the version of Python once every process has loaded the artifact.
   * @throws Refusal `artifact` when it cannot be loaded; the traceback has gone to the observer by then
   */
  readonly started: Promise<string>;
  /** How it is, for people. */
  health(): PoolHealth;
  /**
   * Tells one listener whether calls are taken, now and at every change: not while all processes have gone and none will
   * come in a moment.
   */
  watchAvailability(listener: (available: boolean) => void): void;
  /** Lets the calls in hand finish for at most `graceMs`, then ends every process. Resolves when nothing is left. */
  drain(graceMs: number): Promise<void>;
  /** Ends every process at once; synchronous, for the handler of the gateway's own exit. */
  killAll(): void;
}

/**
 * Starts the thread and the processes.
 * @throws Refusal `usage` when the temporary folder cannot hold the sockets that they connect to
 */
export function createPool(options: PoolOptions): Pool {
  const { service, observer, processes, recycleAfterCalls, recycleAboveMb } = options;
  const sendsAhead = options.batchRows <= 1;
  const folder = makePrivateFolder();
  const links = listenForHosts(folder.callSocket, options.maxMessageBytes + REPLY_MARGIN_BYTES);
  const serviceTime = createServiceTime({ slots });
  /** Of calls that were answered: whether the artifact is so quick that the next call may wait behind one of them. */
  const lately = createServiceTime({ slots: () => 1 });
  const queue = createCallQueue({
    maxCalls: options.maxQueued,
    maxBytes: options.maxQueuedBytes,
    retryAfterMs: serviceTime.retryAfterMs,
  });
  const started = defer<string>();
  // Whoever takes no interest in the start must not be ended by its failure.
  started.promise.catch(() => undefined);
  let python = "";
  let lastFailure: PoolHealth["lastFailure"];
  let neverReady = processes + options.spareProcesses;
  let onEmpty: (() => void) | undefined;
  let nextId = 0;
  let accepting = true;

  const { port1: port, port2 } = new MessageChannel();
  const send = (message: ToThread): void => port.postMessage(message);
  const circuit = createCircuit({ failures: Math.max(LEAST_FAILURES, 2 * neverReady) });
  const availability = createAvailability(isHopeful);
  const recycler = createRecycler({ afterCalls: recycleAfterCalls, aboveMb: recycleAboveMb });
  const workers: Worker[] = Array.from({ length: neverReady }, (_, index) => {
    let isFirst = true;
    return createWorker({
      index,
      service,
      startTimeoutMs: options.startTimeoutMs,
      stopCancelled: options.stopCancelled,
      links,
      observer,
      send,
      onChange: feed,
      pauseBeforeStart: () => (circuit.mayStart() ? 0 : circuit.retryAfterMs),
      onReady() {
        circuit.loaded();
        lastFailure = undefined;
        recycler.started(index);
        if (isFirst) neverReady -= 1;
        isFirst = false;
        // The circuit may have been closed by this.
        availability.look();
        if (neverReady === 0) started.resolve(python);
      },
      onNotReady({ reason, detail, traceback }) {
        lastFailure = { reason, detail, traceback };
        started.reject(notLoaded(service, detail));
      },
      onLife(life) {
        if (diedYoung(life)) circuit.failed();
      },
      openClaims: (token) => (sendsAhead ? openClaims(folder.claims(token)) : undefined),
      mayWait: () => mayWait(lately.meanMs, queue.size),
      onReturned: putBack,
      // Only calls that are answered tell how long they took; without the others the wait would look too short.
      onOverrun: (ranMs) => serviceTime.record(ranMs),
      onAnswer(runMs) {
        lately.record(runMs);
        circuit.answered();
        const { process } = workers[index] ?? {};
        if (process !== undefined && recycler.isDue(index, process)) {
          process.retire("recycled", `after ${process.calls} calls, with ${process.residentMb ?? "?"} MB`);
        }
      },
    });
  });

  port.on("message", (message: FromThread) => {
    switch (message.type) {
      case "supervisor":
        python = message.python;
        break;
      case "template":
        observer.startMethodChosen({ service, forks: message.forks, reason: message.reason ?? "" });
        break;
      case "output": {
        const { token, stream, line } = message;
        const worker = token === undefined ? -1 : workers.findIndex((one) => one.owns(token));
        observer.artifactOutput({ service, worker: worker < 0 ? undefined : worker, stream, line });
        break;
      }
      default:
        for (const worker of workers) worker.onStartEvent(message);
    }
  });
  const piscina = new Piscina({
    filename: HOST_THREAD,
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // The thread's own event loop has to run while its one task lasts: it watches the processes.
    atomics: "disabled",
    recordTiming: false,
  });
  const hosting = host();

  /** Keeps the thread on its task until the pool is drained. */
  async function host(): Promise<void> {
    await links.listening;
    const task: HostTask = {
      port: port2,
      python: options.python,
      setup: setupOf(options, folder),
      watchMemory: recycleAboveMb > 0,
    };
    // The port closes behind the thread's last message.
    const closed = once(port, "close");
    const done = piscina.run(task, { transferList: [port2] });
    for (const worker of workers) worker.start();
    await done;
    await closed;
  }

  /**
   * Gives waiting calls to workers with a free slot, and gives them up when there can be none soon. Spares are not set
   * apart: whoever is free takes a call, as long as no more than `processes` of them are at work.
   */
  function feed(): void {
    if (!availability.look()) queue.giveUp(unavailable(circuit));
    while (queue.size > 0) {
      const process = next();
      const batch = process === undefined ? [] : batches.take();
      if (batch.length === 0) break;
      process?.run(batch);
    }
    if (queue.size === 0 && workers.every(isIdle)) onEmpty?.();
  }

  /** From the last to the first, each to the front of its line: they keep their order. */
  function putBack(calls: readonly Call[]): void {
    for (const call of [...calls].reverse()) queue.putBack(call);
    feed();
  }

  /** Whether a process can take calls now, or probably will in a moment. */
  function isHopeful(): boolean {
    return circuit.state === "closed" && workers.some((worker) => worker.isHopeful);
  }

  const batches = createBatchTaker(queue, {
    rows: options.batchRows,
    bytes: maxInputBytes(options),
    delayUs: options.batchDelayUs,
    onDue: feed,
  });

  /** Calls that can run at once. */
  function slots(): number {
    const each = workers.reduce((most, { process }) => Math.max(most, process?.slots ?? 0), 1);
    return processes * each;
  }

  function next(): PythonProcess | undefined {
    return chooseWorker(workers, { processes, meanMs: lately.meanMs })?.process;
  }

  return {
    started: started.promise,

    async dispatch(inputs, context) {
      if (!accepting || !isHopeful()) throw unavailable(circuit);
      nextId = (nextId + 1) >>> 0;
      const call = createCall(nextId, inputs, context);
      const free = queue.size === 0 && batches.isOff ? next() : undefined;
      if (free === undefined) {
        queue.add(call);
        feed();
      } else if (!rejectUnwanted(call)) free.run([call]);
      return call.outcome.promise;
    },

    state() {
      const serving = isHopeful() ? workers.filter(({ process }) => (process?.slots ?? 0) > 0).length : 0;
      const running = workers.reduce((sum, { process }) => sum + (process?.running ?? 0), 0);
      return { ready: Math.min(processes, serving), processes, queued: queue.size, running };
    },

    slots,
    backlog: queue,
    serviceTime,

    health: () => ({
      workers: workers.map(({ state }) => state),
      circuit: circuit.state,
      ...(lastFailure === undefined ? {} : { lastFailure }),
    }),

    watchAvailability: availability.watch,

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
      queue.giveUp(unavailable(circuit));
      const stopped = Promise.all(workers.map((worker) => worker.stop()));
      await Promise.race([stopped, sleep(STOPPING_MS, undefined, { ref: false })]);
      send({ type: "drain" });
      await hosting;
      await stopped;
      await piscina.destroy();
      await links.close();
      folder.remove();
    },

    killAll() {
      // Not the supervisor: it reaps them, kills what they have left behind, and goes with the gateway.
      for (const worker of workers) worker.killAll();
    },
  };
}

function isIdle({ process }: Worker): boolean {
  return process === undefined || process.running === 0;
}
