/**
 * The main thread's own road to the Python processes: a Unix socket that every process connects to. A call goes down it
 * and its answer comes back without a stop in between, because each hop through a thread costs two waits for the
 * scheduler (docs/decisions/0001-one-long-task-hosts-the-processes.md).
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Code } from "../errors.js";
import { afterReading } from "./after-reading.js";
import { createFrameReader, frameHeader, type Frame } from "./frames.js";
import { FROM_HOST, RESULT_PREFIX_BYTES } from "./host-messages.js";

/** How long a connection may take to say whose it is, in milliseconds. */
const LINK_TIMEOUT_MS = 10_000;

/** How long the one connection of a channel may outlast the other, in milliseconds. */
const CLOSING_MS = 100;

/** So many bytes are copied behind one another to be written, which is sooner done than handing over many pieces. */
const JOINED_BYTES = 64 * 1024;

export type Reply =
  | { readonly ok: true; readonly payload: Uint8Array; readonly runMs: number }
  | {
      readonly ok: false;
      readonly code: Extract<Code, "artifact_error" | "output_invalid">;
      readonly runMs: number;
      readonly detail: string;
    };

/** The call channel of one process. */
export interface HostLink {
  send(kind: number, id: number, payload: Uint8Array): void;
  close(): void;
}

/** Who waits for the call channel of one process. */
export interface LinkOwner {
  onLink(link: HostLink, slots: number): void;
  /** @returns false when nobody waits for this answer; the channel is then closed */
  onReply(id: number, reply: Reply): boolean;
  /** A call that was taken back has not begun. @returns like `onReply` */
  onRevoked(id: number): boolean;
  /** The channel is closed; told once, with what was wrong if it was closed for what the process sent. */
  onClosed(wrong: string | undefined): void;
}

export interface HostLinks {
  readonly listening: Promise<unknown>;
  /** The channel that comes with this token is this owner's. */
  expect(token: string, owner: LinkOwner): void;
  /** No channel is expected with this token any more. */
  forget(token: string): void;
  close(): Promise<void>;
}

/**
 * @param path of the socket
 * @param maxPayload bytes of the longest frame that a process may send
 */
export function listenForHosts(path: string, maxPayload: number): HostLinks {
  const owners = new Map<string, LinkOwner>();
  /** Halves of channels whose other half has not come yet. */
  const halves = new Map<string, Half>();
  const join = (half: Half): void => {
    const { token, carries } = half;
    const owner = owners.get(token);
    const other = halves.get(token);
    if (owner === undefined || other?.carries === carries) half.socket.destroy();
    else if (other === undefined) {
      halves.set(token, half);
      half.socket.once("close", () => halves.delete(token));
    } else {
      owners.delete(token);
      halves.delete(token);
      openLink(
        carries === "calls" ? { calls: half, answers: other } : { calls: other, answers: half },
        owner,
      );
    }
  };
  const server = createServer((socket) => greet(socket, maxPayload, join));
  server.listen(path);
  return {
    listening: once(server, "listening"),
    expect: (token, owner) => void owners.set(token, owner),
    forget(token) {
      owners.delete(token);
      halves.get(token)?.socket.destroy();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

/** One of the two connections of a channel, after it has said whose it is. */
interface Half {
  readonly socket: Socket;
  readonly token: string;
  readonly carries: "calls" | "answers";
  readonly slots: number;
  readonly readFrames: (chunk: Uint8Array) => Frame[];
}

/** Waits for the frame that says whose connection it is; one that says something else, or nothing, is closed. */
function greet(socket: Socket, maxPayload: number, onGreeting: (half: Half) => void): void {
  const readFrames = createFrameReader(maxPayload);
  const timer = setTimeout(() => socket.destroy(), LINK_TIMEOUT_MS);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  socket.once("data", (chunk: Buffer) => {
    clearTimeout(timer);
    const [first] = framesOf(readFrames, chunk) ?? [];
    const greeting = first?.kind === FROM_HOST.link ? jsonOf(first.payload) : undefined;
    const { token, carries, slots } = greeting ?? {};
    if (typeof token !== "string" || (carries !== "calls" && carries !== "answers")) socket.destroy();
    else onGreeting({ socket, token, carries, slots: typeof slots === "number" ? slots : 1, readFrames });
  });
}

/**
 * Two connections, because a write to a process that has just ended fails and closes its connection at once: answers
 * that have arrived on it would be lost.
 */
function openLink({ calls, answers }: Readonly<Record<Half["carries"], Half>>, owner: LinkOwner): void {
  let isClosed = false;
  /** What is sent in one turn of the event loop leaves at its end, in one write: each write would wake the process. */
  let held: Uint8Array[] = [];
  const release = (): void => {
    const pieces = held;
    held = [];
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    if (bytes <= JOINED_BYTES) {
      calls.socket.write(Buffer.concat(pieces, bytes));
      return;
    }
    calls.socket.cork();
    for (const piece of pieces) calls.socket.write(piece);
    calls.socket.uncork();
  };
  const close = (wrong?: string): void => {
    if (isClosed) return;
    isClosed = true;
    owner.onClosed(wrong);
    calls.socket.destroy();
    answers.socket.destroy();
  };
  answers.socket.on("data", (chunk: Buffer) => {
    for (const frame of framesOf(answers.readFrames, chunk) ?? [undefined]) {
      if (frame === undefined || !handOver(frame, owner)) {
        // After a broken frame, or an answer nobody waits for, nothing on this channel can be believed. This is told
        // first: a process that sees its channel closed ends, and would look like one that ended by itself.
        close("the process sent something else than the answer to its call");
        return;
      }
    }
  });
  answers.socket.on("close", () => close());
  // Nothing is expected here; read all the same, because only a connection that is read tells of its end.
  calls.socket.resume();
  // A process that only stops listening is of no more use. One that has ended closes the other connection, too.
  calls.socket.on("close", () => afterReading(CLOSING_MS, () => answers.socket.destroy()).unref());
  owner.onLink(
    {
      send(kind, id, payload) {
        if (held.length === 0) setImmediate(release);
        held.push(frameHeader(id, kind, payload.length), payload);
      },
      close() {
        calls.socket.destroy();
        answers.socket.destroy();
      },
    },
    calls.slots,
  );
}

/** The frames that a chunk completes, or `undefined` when it cannot be part of one. */
function framesOf(readFrames: (chunk: Uint8Array) => Frame[], chunk: Buffer): Frame[] | undefined {
  try {
    return readFrames(chunk);
  } catch {
    return undefined;
  }
}

function handOver(frame: Frame, owner: LinkOwner): boolean {
  if (frame.kind === FROM_HOST.revoked) return owner.onRevoked(frame.id);
  const reply = readReply(frame);
  return reply !== undefined && owner.onReply(frame.id, reply);
}

/** The answer in a frame, or `undefined` when it holds none. */
function readReply({ kind, payload }: Frame): Reply | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (kind === FROM_HOST.result) {
    if (bytes.length < RESULT_PREFIX_BYTES) return undefined;
    return { ok: true, payload: bytes.subarray(RESULT_PREFIX_BYTES), runMs: bytes.readDoubleBE(0) * 1000 };
  }
  if (kind !== FROM_HOST.artifactError && kind !== FROM_HOST.outputInvalid) return undefined;
  const failure = jsonOf(bytes);
  if (failure === undefined) return undefined;
  const { message, traceback, seconds } = failure;
  return {
    ok: false,
    code: kind === FROM_HOST.artifactError ? "artifact_error" : "output_invalid",
    runMs: typeof seconds === "number" ? seconds * 1000 : 0,
    detail: typeof traceback === "string" && traceback !== "" ? traceback : String(message),
  };
}

/** The members of a JSON object that our own host should have written; the artifact could have written it as well. */
function jsonOf(payload: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
