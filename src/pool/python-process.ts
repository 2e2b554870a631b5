/**
 * One Python process as its worker thread sees it: started, set up, watched, ended. Calls do not come by here: they go
 * from the main thread to the process and back (`host-links.ts`). The invariants are in README.md beside this file.
 */
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { defer } from "../deferred.js";
import type { EndReason } from "../observe.js";
import { createFrameReader, frameHeader, type Frame } from "./frames.js";
import { FROM_HOST, PROTOCOL_VERSION, TO_HOST } from "./host-messages.js";
import type { HostFailure, HostHello, HostSetup } from "./host-messages.js";
import { killGroup } from "./kill-group.js";
import { forwardLines } from "./output-lines.js";

const HOST = fileURLToPath(new URL("./python/host.py", import.meta.url));

/** Largest control frame, in bytes: a traceback as JSON. */
const MAX_CONTROL_FRAME = 256 * 1024;

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
  /** Resolves once the process and its group are gone; never rejects. */
  readonly ended: Promise<Ended>;
  /** Kills it; the first reason given is the one that `ended` tells. */
  kill(reason: EndReason, detail: string): void;
  /** Closes the control channel, then kills what does not leave. */
  stop(): void;
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
  let end: Ended | undefined;

  /** The first reason wins, and is kept before the signal is sent: a kill must not be mistaken for a crash. */
  const endBecause = (reason: EndReason, detail: string, traceback = ""): void => {
    end ??= { reason, detail, traceback };
  };
  const kill = (reason: EndReason, detail: string): void => {
    endBecause(reason, detail);
    killGroup(child.pid);
  };

  const startTimer = setTimeout(() => {
    kill("start_timeout", `the artifact was not loaded within ${options.startTimeoutMs} ms`);
  }, options.startTimeoutMs);

  const onFrame = ({ kind, payload }: Frame): void => {
    switch (kind) {
      case FROM_HOST.hello: {
        const hello = readJson(payload) as HostHello;
        if (hello.protocol !== PROTOCOL_VERSION) throw new Error("the host speaks another protocol version");
        python = hello.python;
        const setup = Buffer.from(JSON.stringify(options.setup));
        requests.write(Buffer.concat([frameHeader(0, TO_HOST.setup, setup.length), setup]));
        return;
      }
      case FROM_HOST.ready:
        clearTimeout(startTimer);
        ready.resolve(python);
        return;
      case FROM_HOST.loadFailed: {
        const failure = readJson(payload) as HostFailure;
        endBecause("load_failed", failure.message, failure.traceback);
        return;
      }
      default:
        throw new Error(`a control frame of unknown kind ${kind}`);
    }
  };

  const readFrames = createFrameReader(MAX_CONTROL_FRAME);
  replies.on("data", (chunk: Buffer) => {
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
    ended.resolve(end ?? { reason: "exit", detail: "the process ended", traceback: "" });
  };
  child.on("error", (error) => {
    endBecause("spawn_failed", `${options.python} could not be started: ${error.message}`);
    if (child.pid === undefined) finish();
  });
  child.on("exit", (code, signal) => {
    // Whatever it started and left behind goes with it.
    killGroup(child.pid);
    const timer = setTimeout(finishAs, LAST_WORDS_MS);
    child.once("close", () => {
      clearTimeout(timer);
      finishAs();
    });
    function finishAs(): void {
      // Only now: what the process said last, that its artifact cannot be loaded, goes before how it ended.
      if (signal === null) endBecause("exit", `ended with exit code ${code ?? 0}`);
      else endBecause("signal", `killed by ${signal}`);
      finish();
    }
  });

  return {
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    kill,
    stop() {
      endBecause("drain", "stopped");
      requests.destroy();
      const timer = setTimeout(() => killGroup(child.pid), STOP_GRACE_MS);
      void ended.promise.then(() => clearTimeout(timer));
    },
  };
}

/** The JSON of a frame that our own host wrote; anything else throws, and the process is ended. */
function readJson(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
}
