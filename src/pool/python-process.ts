/**
 * One Python process as the main thread sees it, from the wish for it to its end: its state, the calls it runs and their
 * deadlines. States and invariants are in README.md beside this file.
 */
import type { EndReason } from "../observe.js";
import { afterReading } from "./after-reading.js";
import { createAhead, type Ahead } from "./ahead.js";
import { joinBatch } from "./batch.js";
import { callFailure } from "./call-failure.js";
import type { Call } from "./call-queue.js";
import type { HostLink, Reply } from "./host-links.js";
import { TO_HOST } from "./host-messages.js";
import { killGroup } from "./kill-group.js";
import type { ProcessEnd, ProcessOptions, PythonProcess } from "./process-options.js";
import { NEXT_STATES, type ProcessState } from "./process-state.js";
import { createRunningCalls } from "./running-calls.js";

/** How long a process and its call channel may take to follow one another into the end, in milliseconds. */
const CLOSING_MS = 100;

/** How long a process whose channel was closed may take to leave by itself, in milliseconds. */
const LEAVING_MS = 1000;

export function createPythonProcess(options: ProcessOptions): PythonProcess {
  const { token, worker, onChange } = options;
  let state: ProcessState = "starting";
  let pid: number | undefined;
  let link: HostLink | undefined;
  let ahead: Ahead | undefined;
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
    if (state === "draining" && isIdle()) finish();
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
    if (!isServing()) return 0;
    const mayWait = ahead?.isOpen === true ? Math.max(0, options.mayWait() - ahead.size) : 0;
    return Math.max(0, slots - running.slotsTaken) + mayWait;
  }

  function isIdle(): boolean {
    return running.wanted === 0 && (ahead?.size ?? 0) === 0;
  }

  /** The calls that waited behind the one that was answered move up. */
  function moveUp(): void {
    const next = running.slotsTaken < slots ? ahead?.next() : undefined;
    if (next !== undefined) running.start([next]);
  }

  function onLost(call: Call): void {
    call.outcome.reject(callFailure("worker_lost", "the process ended during the call"));
  }

  function settle(call: Call, reply: Reply, queuedMs: number): void {
    if (reply.ok) {
      call.outcome.resolve({ result: reply.payload, queuedMs, runMs: reply.runMs, worker });
    } else call.outcome.reject(callFailure(reply.code, reply.detail));
  }

  function lose(): void {
    ahead?.recall();
    for (const call of running.takeAll()) onLost(call);
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
    if (isIdle()) finish();
  }

  function kill(reason: EndReason, detail: string): void {
    // The reason is kept before the signal is sent: a process killed at a deadline must not look like a crash.
    end ??= { reason, detail };
    ahead?.recall();
    // Afterwards its id may be somebody else's.
    if (!isEnded) killGroup(pid);
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
      return running.size + (ahead?.size ?? 0);
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
      const [first] = batch;
      const runsNow = running.slotsTaken < slots;
      if (runsNow) running.start(batch);
      if (first === undefined || batch.length > 1) link.send(TO_HOST.batch, 0, joinBatch(batch));
      else {
        if (runsNow) ahead?.sentToRun();
        else ahead?.sentToWait(first);
        link.send(TO_HOST.call, first.id, first.payload);
      }
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
        afterReading(link === undefined || isIdle() ? 0 : CLOSING_MS, () => {
          link?.close();
          lose();
          ahead?.close();
          options.onEnded({ pid, reason, detail, ...end, traceback });
        });
      }
    },
    onLink(opened, offered) {
      if (state === "over") {
        opened.close();
        return;
      }
      link = opened;
      const claims = options.openClaims();
      if (claims !== undefined) ahead = createAhead({ claims, onReturned: options.onReturned, onLost });
      offeredSlots = Math.max(1, Math.trunc(offered));
      readyWhenKnown();
    },
    onReply(id, reply) {
      const found = running.finish(id);
      if (found === undefined) return false;
      answers += 1;
      options.onAnswer(reply.runMs);
      if (found.call !== undefined) settle(found.call, reply, found.queuedMs);
      moveUp();
      afterCall();
      return true;
    },
    onRevoked(id) {
      if (ahead?.onRevoked(id) === true) {
        afterCall();
        return true;
      }
      // It had moved up before its revocation was told.
      const found = running.finish(id);
      if (found === undefined) return false;
      // First the one behind it: whoever is told of a free slot fills it, and Python would not agree on who runs.
      moveUp();
      if (found.call !== undefined) options.onReturned([found.call]);
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
      afterReading(CLOSING_MS, () => {
        if (isEnded) return;
        kill("protocol_error", "the process closed its call channel");
      }).unref();
    },
    retire,
    kill,
  };
}

const NOTHING = new Uint8Array(0);
