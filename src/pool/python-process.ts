/**
 * One Python process as the main thread sees it, from the wish for it to its end: its state, the calls it runs and their
 * deadlines. States and invariants are in README.md beside this file.
 */
import type { EndReason } from "../observe.js";
import { joinBatch } from "./batch.js";
import { callFailure } from "./call-failure.js";
import type { Call } from "./call-queue.js";
import type { HostLink, LinkOwner, Reply } from "./host-links.js";
import { TO_HOST } from "./host-messages.js";
import { killGroup } from "./kill-group.js";
import { NEXT_STATES, type ProcessState } from "./process-state.js";
import { createRunningCalls } from "./running-calls.js";
import type { StartEvent } from "./thread-messages.js";

/** How long a process and its call channel may take to follow one another into the end, in milliseconds. */
const CLOSING_MS = 100;

/** How long a process whose channel was closed may take to leave by itself, in milliseconds. */
const LEAVING_MS = 1000;

export interface ProcessEnd {
  readonly pid: number | undefined;
  readonly reason: EndReason;
  /** In words: the exit code or signal, or what went wrong. */
  readonly detail: string;
  readonly traceback: string;
}

export interface ProcessOptions {
  /** Says which process an event or a call channel belongs to. */
  readonly token: string;
  readonly worker: number;
  /** Whether a call whose caller has gone is stopped. */
  readonly stopCancelled: boolean;
  /** A call was not answered by its deadline, so many milliseconds after it was given to the process. */
  readonly onOverrun: (ranMs: number) => void;
  /** A call was answered, if only with an error of the artifact. */
  readonly onAnswer: () => void;
  readonly onStarted: (pid: number) => void;
  readonly onReady: (pid: number) => void;
  /** Its state, or the number of its free slots, has changed. */
  readonly onChange: () => void;
  /** It takes no calls any more: it drains or is over. Told once, before `onChange`. */
  readonly onRetired: () => void;
  /** It has gone. Told once, last. */
  readonly onEnded: (end: ProcessEnd) => void;
}

export interface PythonProcess extends LinkOwner {
  readonly token: string;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** Calls it can be given now. */
  readonly freeSlots: number;
  /** Calls it may run at once; 0 until it is ready. */
  readonly slots: number;
  /** Calls it runs now, those that nobody waits for any more among them. */
  readonly running: number;
  /** Calls it has been given. */
  readonly calls: number;
  /** Calls it has answered, if only with an error of the artifact. */
  readonly answers: number;
  /** Resident memory in megabytes; absent while it has not been measured. */
  readonly residentMb: number | undefined;
  /** Gives it calls, several only as a batch; no more than it has free slots, a batch taking one. Each is settled. */
  run(calls: readonly Call[]): void;
  /** What the host thread has heard of it. */
  onStartEvent(event: StartEvent): void;
  /** Lets it finish what it runs and then go. */
  retire(reason: EndReason, detail: string): void;
  /** Ends it now; the first reason given is the one that is told. */
  kill(reason: EndReason, detail: string): void;
}

export function createPythonProcess(options: ProcessOptions): PythonProcess {
  const { token, worker, onChange } = options;
  let state: ProcessState = "starting";
  let pid: number | undefined;
  let link: HostLink | undefined;
  let offeredSlots = 0;
  let slots = 0;
  let calls = 0;
  let answers = 0;
  let residentMb: number | undefined;
  let end: Omit<ProcessEnd, "pid" | "traceback"> | undefined;
  let leaving: NodeJS.Timeout | undefined;
  let isRetired = false;
  let isEnded = false;

  const become = (next: ProcessState): void => {
    if (next === state) return;
    const possible: readonly string[] = NEXT_STATES[state];
    if (!possible.includes(next)) throw new Error(`a process that is ${state} cannot become ${next}`);
    state = next;
    if (!isRetired && (next === "draining" || next === "over")) {
      isRetired = true;
      options.onRetired();
    }
    onChange();
  };
  const isServing = (): boolean => state === "ready" || state === "busy";

  const running = createRunningCalls({
    slots: () => slots,
    stopCancelled: options.stopCancelled,
    onOverrun(call, ranMs) {
      options.onOverrun(ranMs);
      call.outcome.reject(callFailure("deadline_exceeded", "overrun"));
      afterAbandoned("deadline", "main() was still running at the deadline");
    },
    onCancelled(call) {
      call.outcome.reject(callFailure("deadline_exceeded", "the caller has gone"));
      afterAbandoned("cancelled", "the caller of the running call has gone");
    },
    cancel: (id) => link?.send(TO_HOST.cancel, id, NOTHING),
    onStuck: () => retire("stuck", "calls that nobody waits for keep its slots"),
  });

  /** One slot, and nobody waits for what is in it: the process has to go. With more, the others go on. */
  function afterAbandoned(reason: EndReason, detail: string): void {
    if (slots === 1 && running.wanted === 0) kill(reason, detail);
    else afterCall();
  }

  function afterCall(): void {
    if (state === "draining" && running.wanted === 0) finish();
    else if (isServing()) {
      const next = freeSlots() > 0 ? "ready" : "busy";
      if (next === state) onChange();
      else become(next);
    }
  }

  /** Its channel and the word of its birth come by two roads; without its id it could not be killed. */
  function readyWhenKnown(): void {
    if (link === undefined || pid === undefined) return;
    slots = offeredSlots;
    become("ready");
    options.onReady(pid);
  }

  function freeSlots(): number {
    return isServing() ? Math.max(0, slots - running.slotsTaken) : 0;
  }

  function settle(call: Call, reply: Reply, queuedMs: number): void {
    if (reply.ok) {
      call.outcome.resolve({ result: reply.payload, queuedMs, runMs: reply.runMs, worker });
    } else call.outcome.reject(callFailure(reply.code, reply.detail));
  }

  function lose(): void {
    for (const call of running.takeAll()) {
      call.outcome.reject(callFailure("worker_lost", "the process ended during the call"));
    }
  }

  /** A drained process leaves by itself when its channel closes; one whose slots are stuck does not. */
  function finish(): void {
    if (running.slotsTaken > 0) killGroup(pid);
    else link?.close();
    leaving = setTimeout(() => killGroup(pid), LEAVING_MS);
    become("over");
  }

  function retire(reason: EndReason, detail: string): void {
    if (!isServing()) return;
    end ??= { reason, detail };
    become("draining");
    if (running.wanted === 0) finish();
  }

  function kill(reason: EndReason, detail: string): void {
    // The reason is kept before the signal is sent: a process killed at a deadline must not look like a crash.
    end ??= { reason, detail };
    killGroup(pid);
    if (state !== "over") become("over");
    lose();
  }

  return {
    token,
    get state() {
      return state;
    },
    get pid() {
      return pid;
    },
    get freeSlots() {
      return freeSlots();
    },
    get slots() {
      return slots;
    },
    get running() {
      return running.size;
    },
    get calls() {
      return calls;
    },
    get residentMb() {
      return residentMb;
    },
    get answers() {
      return answers;
    },
    run(batch) {
      if (link === undefined) throw new Error("a process without a call channel was given a call");
      calls += batch.length;
      running.start(batch);
      const [first] = batch;
      if (first !== undefined && batch.length === 1) link.send(TO_HOST.call, first.id, first.payload);
      else link.send(TO_HOST.batch, 0, joinBatch(batch));
      if (freeSlots() === 0 && state === "ready") become("busy");
    },
    onStartEvent(event) {
      if (event.type === "started") {
        pid = event.pid;
        options.onStarted(event.pid);
        // Killed before anybody knew what to kill.
        if (state === "over") killGroup(pid);
        else readyWhenKnown();
      } else if (event.type === "memory") {
        residentMb = event.residentMb;
      } else if (event.type === "phase") {
        if (state === "starting" || state === "importing") become(event.phase);
      } else if (!isEnded) {
        isEnded = true;
        clearTimeout(leaving);
        const { reason, detail, traceback } = event;
        // The kernel ends the process with its supervisor, but not what it has started.
        if (reason === "supervisor_lost") killGroup(pid);
        end ??= { reason, detail };
        if (state !== "over") become("over");
        // An answer that came with the end can still be on its way; a child can hold the channel open.
        setTimeout(
          () => {
            link?.close();
            lose();
            options.onEnded({ pid, reason, detail, ...end, traceback });
          },
          link === undefined || running.wanted === 0 ? 0 : CLOSING_MS,
        );
      }
    },
    onLink(opened, offered) {
      if (state === "over") {
        opened.close();
        return;
      }
      link = opened;
      offeredSlots = Math.max(1, Math.trunc(offered));
      readyWhenKnown();
    },
    onReply(id, reply) {
      const found = running.finish(id);
      if (found === undefined) return false;
      answers += 1;
      options.onAnswer();
      if (found.call !== undefined) settle(found.call, reply, found.queuedMs);
      afterCall();
      return true;
    },
    onClosed(wrong) {
      if (wrong !== undefined) {
        kill("protocol_error", wrong);
        return;
      }
      lose();
      if (state !== "over") become("over");
      // A process that goes by itself closes its channel first: its end says how.
      setTimeout(() => {
        if (isEnded) return;
        kill("protocol_error", "the process closed its call channel");
      }, CLOSING_MS).unref();
    },
    retire,
    kill,
  };
}

const NOTHING = new Uint8Array(0);
