/**
 * One place of the pool, in which there is always a Python process, or one on its way: what ends is replaced, at once or
 * after a pause. The process itself is `python-process.ts`.
 */
import { randomUUID } from "node:crypto";
import type { EndReason, Observer } from "../observe.js";
import { createBackoff, type Life } from "./backoff.js";
import type { Call } from "./call-queue.js";
import type { Claims } from "./claims.js";
import type { HostLinks } from "./host-links.js";
import type { HostCommand } from "./host-messages.js";
import type { ProcessState } from "./process-state.js";
import { createPythonProcess } from "./python-process.js";
import type { ProcessEnd, PythonProcess } from "./process-options.js";
import type { StartEvent } from "./thread-messages.js";

/**
 * `replacing`: the next process is asked for in a moment; `failed`: the last could not be started or did not stay, and the
 * next is given time; `stopped`: there will be no other. Otherwise the state is that of the process.
 */
export type WorkerState = Exclude<ProcessState, "draining" | "over"> | "replacing" | "failed" | "stopped";

export interface Worker {
  readonly state: WorkerState;
  /** The process that takes calls, if there is one. */
  readonly process: PythonProcess | undefined;
  /** Whether it can take calls now, or probably will in a moment. */
  readonly isHopeful: boolean;
  /** Asks for a process now, unless there is one or there shall be none. */
  /** Asks for a process, unless there is one, or none shall be. */
  start(): void;
  /** What the host thread has heard of one of its processes; other tokens are left alone. */
  onStartEvent(event: StartEvent): void;
  owns(token: string): boolean;
  /** Ends the process, and asks for no other. Resolves when all of its processes have gone. */
  stop(): Promise<void>;
  /** Kills its processes at once, and asks for no other; synchronous. */
  killAll(): void;
}

export interface WorkerOptions {
  readonly index: number;
  readonly service: string;
  readonly startTimeoutMs: number;
  readonly stopCancelled: boolean;
  readonly links: HostLinks;
  readonly observer: Observer;
  /** Tells the host thread. */
  readonly send: (command: HostCommand) => void;
  /** Its state has changed: there may be a call to give, or nobody left to give one to. */
  readonly onChange: () => void;
  /** Milliseconds to wait before a process is started; 0: it may be now, and will be. */
  readonly pauseBeforeStart: () => number;
  /** A process is ready. */
  readonly onReady: () => void;
  /** A process takes no calls any more. */
  readonly onLife: (life: Life) => void;
  /** A process has gone before it was ready. */
  readonly onNotReady: (end: ProcessEnd) => void;
  readonly openClaims: (token: string) => Claims | undefined;
  readonly mayWait: () => number;
  /** Calls that a process has not begun and will not, in their order. */
  readonly onReturned: (calls: readonly Call[]) => void;
  /** A call was not answered by its deadline, so many milliseconds after it was given to a process. */
  readonly onOverrun: (ranMs: number) => void;
  /** A call was answered, if only with an error of the artifact. */
  readonly onAnswer: (runMs: number) => void;
}

export function createWorker(options: WorkerOptions): Worker {
  const { index, service, links, observer, send, onChange } = options;
  const at = { service, worker: index };
  const waitBefore = createBackoff();
  /** The current process and those that have not gone yet. */
  const processes = new Map<string, PythonProcess>();
  let current: PythonProcess | undefined;
  let between: "replacing" | "failed" | "stopped" = "replacing";
  let restart: NodeJS.Timeout | undefined;
  let onGone: (() => void) | undefined;
  let hasBeenReady = false;

  const start = (): void => {
    clearTimeout(restart);
    if (current !== undefined || between === "stopped") return;
    const pauseMs = options.pauseBeforeStart();
    if (pauseMs > 0) {
      between = "failed";
      restart = setTimeout(start, pauseMs);
      return;
    }
    const token = randomUUID();
    const startedAt = performance.now();
    let isReady = false;
    const giveUp = setTimeout(() => {
      cancel(process, "start_timeout", `the artifact was not loaded within ${options.startTimeoutMs} ms`);
    }, options.startTimeoutMs);

    const process = createPythonProcess({
      token,
      worker: index,
      stopCancelled: options.stopCancelled,
      openClaims: () => options.openClaims(token),
      mayWait: options.mayWait,
      onReturned: options.onReturned,
      onOverrun: options.onOverrun,
      onAnswer: options.onAnswer,
      onStarted: (pid) => observer.processStarted({ ...at, pid }),
      onReady(pid) {
        isReady = true;
        hasBeenReady = true;
        between = "replacing";
        clearTimeout(giveUp);
        const loadMs = performance.now() - startedAt;
        observer.processReady({ ...at, pid, loadMs });
        options.onReady();
      },
      onChange,
      onRetired() {
        clearTimeout(giveUp);
        links.forget(token);
        if (current !== process) return;
        current = undefined;
        const life = {
          lastedMs: performance.now() - startedAt,
          calls: process.calls,
          answers: process.answers,
          loaded: isReady,
          wasWished: process.state === "draining",
        };
        options.onLife(life);
        replaceAfter(waitBefore(life));
      },
      onEnded(end) {
        processes.delete(token);
        report(end);
        if (!isReady) options.onNotReady(end);
        if (processes.size === 0) onGone?.();
      },
    });
    current = process;
    processes.set(token, process);
    links.expect(token, process);
    send({ type: "start", token, index });
  };

  /** Ends a process that is not ready. There may be none yet, only one that it is to be forked from. */
  const cancel = (process: PythonProcess, reason: EndReason, detail: string): void => {
    process.kill(reason, detail);
    send({ type: "cancel", token: process.token });
  };

  const replaceAfter = (waitMs: number): void => {
    if (between === "stopped") return;
    between = waitMs === 0 ? "replacing" : "failed";
    if (waitMs === 0) start();
    else restart = setTimeout(start, waitMs);
  };

  const startNoMore = (): void => {
    between = "stopped";
    clearTimeout(restart);
  };

  const report = ({ pid, reason, detail, traceback }: ProcessEnd): void => {
    observer.processEnded({ ...at, pid, reason, detail, ...(traceback === "" ? {} : { traceback }) });
  };

  return {
    get state() {
      const { state } = current ?? {};
      return state === undefined || state === "draining" || state === "over" ? between : state;
    },
    get process() {
      return current;
    },
    get isHopeful() {
      return (current?.slots ?? 0) > 0 || (hasBeenReady && between === "replacing");
    },
    start,
    owns: (token) => processes.has(token),
    onStartEvent: (event) => processes.get(event.token)?.onStartEvent(event),
    async stop() {
      startNoMore();
      for (const process of processes.values()) {
        if (process.slots === 0) cancel(process, "drain", "stopped");
        else if (process.freeSlots === process.slots) process.retire("drain", "stopped");
        else process.kill("drain", "stopped");
      }
      if (processes.size > 0) await new Promise<void>((resolve) => (onGone = resolve));
    },
    killAll() {
      startNoMore();
      for (const process of processes.values()) process.kill("drain", "killed");
    },
  };
}
