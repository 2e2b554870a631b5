/**
 * One Python process: started, set up, called, ended. A small state machine,
 * `starting -> ready <-> busy -> ended`, whose invariants are in README.md beside this file.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { defer, type Deferred } from "../deferred.js";
import type { Code } from "../errors.js";
import type { EndReason } from "../observe.js";
import { createFrameReader, frameHeader, type Frame } from "./frames.js";
import { FROM_HOST, PROTOCOL_VERSION, RESULT_PREFIX_BYTES, TO_HOST } from "./host-messages.js";
import type { HostFailure, HostHello, HostSetup } from "./host-messages.js";
import { forwardLines } from "./output-lines.js";

const HOST = fileURLToPath(new URL("./python/host.py", import.meta.url));

/** What a reply frame may have over the largest result: timings, or a failure as JSON. Bytes. */
const REPLY_MARGIN = 64 * 1024;

/** How long a process that is asked to stop may take before it is killed, in milliseconds. */
const STOP_GRACE_MS = 1000;

/** How long the last words of a gone process are still read, in milliseconds: a forked child can hold them open. */
const LAST_WORDS_MS = 100;

export interface ProcessOptions {
  readonly python: string;
  readonly setup: HostSetup;
  readonly startTimeoutMs: number;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export type Reply =
  | { readonly ok: true; readonly payload: Uint8Array; readonly runMs: number }
  | {
      readonly ok: false;
      readonly code: Code;
      readonly started: boolean;
      /** False when the process is gone or going. */
      readonly alive: boolean;
      readonly runMs: number;
      readonly detail: string;
    };

export interface Ended {
  readonly reason: EndReason;
  /** In words: the exit code or signal, or what went wrong. */
  readonly detail: string;
  readonly traceback: string;
}

export interface PythonProcess {
  readonly pid: number | undefined;
  /** Resolves with the version of Python once the artifact is loaded; stays pending if it never is. */
  readonly ready: Promise<string>;
  /** Resolves once the process has gone and its call is settled; never rejects. */
  readonly ended: Promise<Ended>;
  /** One call at a time. Resolves exactly once, whatever happens; never rejects. */
  call(id: number, payload: Uint8Array, timeoutMs: number): Promise<Reply>;
  /** Closes the channel, then kills what does not leave. */
  stop(): void;
}

interface Running {
  readonly id: number;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
  readonly reply: Deferred<Reply>;
}

/** Starts the host and hands it the artifact of `options.setup`. */
export function startPython(options: ProcessOptions): PythonProcess {
  // A group of its own: a signal meant for a terminal does not reach it, and all it starts can be ended at once.
  const child = spawn(options.python, ["-B", "-u", HOST], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const requests = child.stdio[3] as Writable;
  const replies = child.stdio[4] as Readable;
  const ready = defer<string>();
  const ended = defer<Ended>();
  let python = "";
  let running: Running | undefined;
  let end: Ended | undefined;
  let listening = true;

  /** The first reason wins, and is kept before the signal is sent: a kill must not be mistaken for a crash. */
  const endBecause = (reason: EndReason, detail: string, traceback = ""): void => {
    end ??= { reason, detail, traceback };
  };
  const kill = (reason: EndReason, detail: string): void => {
    endBecause(reason, detail);
    listening = false;
    killGroup(child);
  };
  const settle = (reply: Reply): void => {
    if (running === undefined) return;
    clearTimeout(running.timer);
    const { reply: waiting } = running;
    running = undefined;
    waiting.resolve(reply);
  };

  const startTimer = setTimeout(() => {
    kill("start_timeout", `the artifact was not loaded within ${options.startTimeoutMs} ms`);
  }, options.startTimeoutMs);

  const onFrame = (frame: Frame): void => {
    switch (frame.kind) {
      case FROM_HOST.hello: {
        const hello = readJson(frame.payload) as HostHello;
        if (hello.protocol !== PROTOCOL_VERSION)
          throw new Error("the Python host speaks another protocol version");
        python = hello.python;
        send(requests, 0, TO_HOST.setup, Buffer.from(JSON.stringify(options.setup)));
        return;
      }
      case FROM_HOST.ready:
        clearTimeout(startTimer);
        ready.resolve(python);
        return;
      case FROM_HOST.loadFailed: {
        const failure = readJson(frame.payload) as HostFailure;
        endBecause("load_failed", failure.message, failure.traceback);
        return;
      }
      case FROM_HOST.result:
      case FROM_HOST.artifactError:
      case FROM_HOST.outputInvalid:
        if (running?.id !== frame.id) throw new Error("an answer to a call that is not running");
        settle(readReply(frame));
        return;
      default:
        throw new Error(`a frame of unknown kind ${frame.kind}`);
    }
  };

  const readFrames = createFrameReader(options.setup.maxReplyBytes + REPLY_MARGIN);
  replies.on("data", (chunk: Buffer) => {
    if (!listening) return;
    try {
      readFrames(chunk).forEach(onFrame);
    } catch (error) {
      // After a broken frame nothing on this channel can be believed.
      kill("protocol_error", error instanceof Error ? error.message : "unreadable frame");
    }
  });
  for (const stream of [requests, replies]) stream.on("error", () => stream.destroy());
  if (child.stdout !== null) forwardLines(child.stdout, (line) => options.onLine("stdout", line));
  if (child.stderr !== null) forwardLines(child.stderr, (line) => options.onLine("stderr", line));

  const finish = (): void => {
    clearTimeout(startTimer);
    for (const stream of child.stdio) stream?.destroy();
    const last = end ?? { reason: "exit", detail: "the process ended", traceback: "" };
    const reply = replyOfLost(last, running);
    settle(reply);
    ended.resolve(last);
  };
  child.on("error", (error) => {
    endBecause("spawn_failed", `${options.python} could not be started: ${error.message}`);
    if (child.pid === undefined) finish();
  });
  child.on("exit", (code, signal) => {
    if (signal !== null) endBecause("signal", `killed by ${signal}`);
    else endBecause("exit", `ended with exit code ${code ?? 0}`);
    // Whatever it started and left behind goes with it.
    killGroup(child);
    const timer = setTimeout(finish, LAST_WORDS_MS);
    child.once("close", () => {
      clearTimeout(timer);
      finish();
    });
  });

  return {
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    call(id, payload, timeoutMs) {
      if (end !== undefined || running !== undefined) {
        return Promise.resolve(notStarted(`the process was ${end === undefined ? "busy" : "gone"}`));
      }
      const timer = setTimeout(() => {
        const runMs = performance.now() - startedAt;
        kill("deadline", "main() was still running at the deadline");
        settle({
          ok: false,
          code: "deadline_exceeded",
          started: true,
          alive: false,
          runMs,
          detail: "overrun",
        });
      }, timeoutMs);
      const startedAt = performance.now();
      running = { id, startedAt, timer, reply: defer<Reply>() };
      const { promise } = running.reply;
      send(requests, id, TO_HOST.call, payload);
      return promise;
    },
    stop() {
      endBecause("drain", "stopped");
      requests.destroy();
      const timer = setTimeout(() => killGroup(child), STOP_GRACE_MS);
      void ended.promise.then(() => clearTimeout(timer));
    },
  };
}

function readReply(frame: Frame): Reply {
  if (frame.kind === FROM_HOST.result) {
    const bytes = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
    return { ok: true, payload: bytes.subarray(RESULT_PREFIX_BYTES), runMs: bytes.readDoubleBE(0) * 1000 };
  }
  const failure = readJson(frame.payload) as HostFailure;
  return {
    ok: false,
    code: frame.kind === FROM_HOST.artifactError ? "artifact_error" : "output_invalid",
    started: true,
    alive: true,
    runMs: (failure.seconds ?? 0) * 1000,
    detail: failure.traceback === "" ? failure.message : failure.traceback,
  };
}

function replyOfLost(end: Ended, running: Running | undefined): Reply {
  const runMs = running === undefined ? 0 : performance.now() - running.startedAt;
  return { ok: false, code: "worker_lost", started: true, alive: false, runMs, detail: end.detail };
}

function notStarted(detail: string): Reply {
  return { ok: false, code: "worker_lost", started: false, alive: false, runMs: 0, detail };
}

function send(requests: Writable, id: number, kind: number, payload: Uint8Array): void {
  requests.cork();
  requests.write(frameHeader(id, kind, payload.length));
  requests.write(payload);
  requests.uncork();
}

/** The JSON of a frame that our own host wrote; anything else throws, and the process is ended. */
function readJson(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
}

/** Ends the process and everything in its group; quiet when it has already gone. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // ESRCH: nothing of the group is left.
  }
}
