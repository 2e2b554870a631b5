/** The Python process that starts and buries all others of a pool (`python/gateway_host/supervisor.py`). */
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { defer } from "../deferred.js";
import { createFrameReader, frameHeader } from "./frames.js";
import {
  FROM_HOST,
  PROTOCOL_VERSION,
  TO_HOST,
  type HostCommand,
  type HostEvent,
  type HostSetup,
} from "./host-messages.js";
import { killGroup } from "./kill-group.js";
import { forwardLines } from "./output-lines.js";

const HOST = fileURLToPath(new URL("./python/host.py", import.meta.url));

/** Largest control frame, in bytes: a traceback as JSON. */
const MAX_CONTROL_FRAME = 256 * 1024;

/** How long a supervisor that is asked to stop may take before it is killed, in milliseconds. */
const STOP_GRACE_MS = 1000;

export interface SupervisorOptions {
  readonly python: string;
  readonly setup: HostSetup;
  readonly onEvent: (event: HostEvent) => void;
  /** A line that the supervisor itself prints, which only a defect of ours can bring about. */
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export interface SupervisorEnd {
  readonly reason: "spawn_failed" | "supervisor_lost";
  /** In words: the exit code or signal, or what went wrong. */
  readonly detail: string;
}

export interface Supervisor {
  send(command: HostCommand): void;
  /** Resolves once it has gone, and with it every process; never rejects. */
  readonly ended: Promise<SupervisorEnd>;
  /** Closes the control channel, which ends every process; kills what does not leave. */
  stop(): Promise<void>;
}

export function startSupervisor(options: SupervisorOptions): Supervisor {
  // The mark stays with what the artifact starts, for the next supervisor to find should this one be lost.
  const mark = `ARTIFACT_GATEWAY_POOL=${options.setup.callSocket}`;
  // A group of its own: a signal meant for a terminal does not reach it.
  const child = spawn(options.python, ["-B", "-u", HOST, mark], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const commands = child.stdio[3] as Writable;
  const events = child.stdio[4] as Readable;
  const ended = defer<SupervisorEnd>();
  let wrong: string | undefined;

  const write = (message: object): void => {
    const payload = Buffer.from(JSON.stringify(message));
    commands.write(Buffer.concat([frameHeader(0, TO_HOST.command, payload.length), payload]));
  };
  const onEvent = (event: HostEvent): void => {
    if (event.type === "hello" && event.protocol !== PROTOCOL_VERSION) {
      throw new Error("the host speaks another version of the protocol");
    }
    options.onEvent(event);
  };
  const readFrames = createFrameReader(MAX_CONTROL_FRAME);
  events.on("data", (chunk: Buffer) => {
    try {
      for (const { kind, payload } of readFrames(chunk)) {
        if (kind !== FROM_HOST.event) throw new Error(`a control frame of unknown kind ${kind}`);
        onEvent(readJson(payload));
      }
    } catch (error) {
      // After a broken frame nothing on this channel can be believed.
      wrong ??= error instanceof Error ? error.message : "an unreadable frame";
      killGroup(child.pid);
    }
  });
  for (const stream of [commands, events]) stream.on("error", () => stream.destroy());
  if (child.stdout !== null) forwardLines(child.stdout, (line) => options.onLine("stdout", line));
  if (child.stderr !== null) forwardLines(child.stderr, (line) => options.onLine("stderr", line));
  child.on("error", (error) => {
    ended.resolve({
      reason: "spawn_failed",
      detail: `${options.python} could not be started: ${error.message}`,
    });
  });
  child.on("exit", (code, signal) => {
    const how = signal === null ? `ended with exit code ${code ?? 0}` : `was killed by ${signal}`;
    // Its last events are still to be read, unless a child of the artifact holds them open.
    const finish = (): void => {
      for (const stream of child.stdio) stream?.destroy();
      ended.resolve({ reason: "supervisor_lost", detail: wrong ?? `the supervisor ${how}` });
    };
    const timer = setTimeout(finish, STOP_GRACE_MS);
    child.once("close", () => {
      clearTimeout(timer);
      finish();
    });
  });
  write(options.setup);

  return {
    send: write,
    ended: ended.promise,
    async stop() {
      commands.destroy();
      const timer = setTimeout(() => killGroup(child.pid), STOP_GRACE_MS);
      await ended.promise;
      clearTimeout(timer);
    },
  };
}

/** The JSON of a frame that our own host wrote; anything else throws, and the supervisor is ended. */
function readJson(payload: Uint8Array): HostEvent {
  return JSON.parse(
    Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"),
  ) as HostEvent;
}
