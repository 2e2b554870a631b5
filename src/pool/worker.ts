/**
 * One worker as the main thread sees it: its state, the thread that keeps its Python process, and the call channel to
 * that process. The states are drawn in README.md beside this file.
 */
import type { MessagePort } from "node:worker_threads";
import { GatewayError, type Code } from "../errors.js";
import type { EndReason, Observer } from "../observe.js";
import { createBackoff } from "./backoff.js";
import type { Call } from "./call-queue.js";
import type { HostLink, HostLinks, Reply } from "./host-links.js";
import type { FromThread, ToThread } from "./thread-messages.js";

/** How long a process and its call channel may take to follow one another into the end, in milliseconds. */
const CLOSING_MS = 100;

/** How a call that reached a worker can fail. */
type Failure = Extract<Code, "artifact_error" | "output_invalid" | "worker_lost" | "deadline_exceeded">;

/** What callers are told of it; the cause goes to the log. */
const TOLD = {
  artifact_error: "The artifact raised an error for this input.",
  output_invalid: "The artifact returned something that is not data.",
  worker_lost: "The process that ran this call was lost.",
  deadline_exceeded: "The call was not finished by its deadline.",
} as const satisfies Record<Failure, string>;

/** `failed`: its process could not be started and is given time; `replacing`: a new one is on its way. */
export type WorkerState = "starting" | "idle" | "busy" | "replacing" | "failed" | "drained";

export interface Worker {
  readonly state: WorkerState;
  readonly pid: number | undefined;
  /** Gives it a call; only when it is idle. The call is settled whatever happens. */
  run(call: Call): void;
  /** Ends the process and the thread's task. */
  drain(): void;
  /** The thread is gone, which only a defect of ours can bring about. */
  lost(error: unknown): void;
}

export interface WorkerOptions {
  readonly index: number;
  readonly service: string;
  readonly port: MessagePort;
  readonly links: HostLinks;
  readonly observer: Observer;
  /** Its state has changed: there may be a call to give, or nobody left to give one to. */
  readonly onChange: () => void;
  /** The first start has succeeded, with the version of Python, or failed for a reason. */
  readonly onFirstStart: (outcome: { readonly python: string } | { readonly failed: string }) => void;
}

export function createWorker(options: WorkerOptions): Worker {
  const { index, service, port, links, observer, onChange, onFirstStart } = options;
  const at = { service, worker: index };
  const waitBefore = createBackoff();
  let state: WorkerState = "starting";
  let pid: number | undefined;
  let token = "";
  let link: HostLink | undefined;
  let startedAt = 0;
  let calls = 0;
  let draining = false;

  const isBusy = (): boolean => state === "busy";
  const send = (message: ToThread): void => port.postMessage(message);
  const become = (next: WorkerState): void => {
    state = next;
    onChange();
  };

  const onReady = async (message: Extract<FromThread, { type: "ready" }>): Promise<void> => {
    const of = token;
    const opened = await links.of(of);
    // The process can be gone by the time its channel is taken up.
    if (of !== token || pid !== message.pid) return;
    link = opened;
    void opened.closed.then((wrong) => {
      if (of !== token || draining) return;
      if (state === "idle") become("replacing");
      const timer = setTimeout(() => {
        if (of === token) send({ type: "end", reason: "protocol_error", detail: wrong });
      }, CLOSING_MS);
      timer.unref();
    });
    const first = state === "starting";
    state = "idle";
    observer.processReady({ ...at, pid: message.pid, loadMs: message.loadMs });
    if (first) onFirstStart({ python: message.python });
    onChange();
  };

  const onEnded = (message: Extract<FromThread, { type: "ended" }>): void => {
    const { detail, traceback } = message;
    // A drained process can see its call channel close, and leave, before its thread has heard of the drain.
    const reason = draining && message.reason === "exit" ? "drain" : message.reason;
    const neverStarted = state === "starting";
    const waitMs = waitBefore({ lastedMs: performance.now() - startedAt, calls, loaded: link !== undefined });
    links.forget(token);
    closeSoon(link);
    [link, token, pid] = [undefined, "", undefined];
    state = draining ? "drained" : waitMs === 0 ? "replacing" : "failed";
    if (!draining) setTimeout(() => send({ type: "restart" }), waitMs).unref();
    const said = traceback === "" ? {} : { traceback };
    observer.processEnded({ ...at, pid: message.pid, reason, detail, ...said });
    if (neverStarted) onFirstStart({ failed: detail });
    onChange();
  };

  port.on("message", (message: FromThread) => {
    switch (message.type) {
      case "started":
        [pid, token, startedAt, calls] = [message.pid, message.token, performance.now(), 0];
        void links.of(token);
        observer.processStarted({ ...at, pid: message.pid });
        break;
      case "ready":
        void onReady(message);
        break;
      case "ended":
        onEnded(message);
        break;
      case "output":
        observer.artifactOutput({ ...at, stream: message.stream, line: message.line });
        break;
    }
  });

  /** Ends the process over its call: whatever comes from it now is too late. */
  const end = (reason: EndReason, detail: string): void => {
    state = "replacing";
    send({ type: "end", reason, detail });
  };

  const run = async (call: Call): Promise<void> => {
    if (link === undefined) return;
    state = "busy";
    calls += 1;
    const given = performance.now();
    const timer = setTimeout(() => {
      end("deadline", "main() was still running at the deadline");
      call.outcome.reject(failure("deadline_exceeded", "overrun"));
      onChange();
    }, call.deadlineAt - given);
    const reply = await link.call(call.id, call.payload);
    clearTimeout(timer);
    settle(call, reply, given - call.queuedAt);
    // Otherwise the deadline has come first, or the process has ended.
    if (isBusy()) become(reply === undefined ? "replacing" : "idle");
  };

  const settle = (call: Call, reply: Reply | undefined, queuedMs: number): void => {
    if (reply === undefined) call.outcome.reject(failure("worker_lost", "the process ended during the call"));
    else if (!reply.ok) call.outcome.reject(failure(reply.code, reply.detail));
    else {
      call.outcome.resolve({ result: reply.payload, queuedMs, runMs: reply.runMs, worker: index });
    }
  };

  return {
    get state() {
      return state;
    },
    get pid() {
      return pid;
    },
    run: (call) => void run(call),
    drain() {
      draining = true;
      link?.close();
      send({ type: "drain" });
    },
    lost(error) {
      links.forget(token);
      link?.close();
      if (state === "starting") onFirstStart({ failed: "a worker thread could not be started" });
      const detail = error instanceof Error ? (error.stack ?? error.message) : "the worker thread failed";
      observer.processEnded({ ...at, pid, reason: "exit", detail });
      become("failed");
    },
  };
}

/** An answer that came with the end can still be on its way; a child that outlives the process holds the channel open. */
function closeSoon(link: HostLink | undefined): void {
  if (link !== undefined) setTimeout(() => link.close(), CLOSING_MS).unref();
}

function failure(code: Failure, cause: string): GatewayError {
  return new GatewayError(code, TOLD[code], { started: true, cause: new Error(cause) });
}
