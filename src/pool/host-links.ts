/**
 * The main thread's own road to the Python processes: a Unix socket that every process connects to. A call goes down it
 * and its answer comes back without a stop in between, because each hop through a thread costs two waits for the
 * scheduler (docs/decisions/0001-one-long-task-hosts-the-processes.md).
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Code } from "../errors.js";
import { createFrameReader, frameHeader, type Frame } from "./frames.js";
import { FROM_HOST, RESULT_PREFIX_BYTES } from "./host-messages.js";

/** How long a connection may take to say whose it is, in milliseconds. */
const LINK_TIMEOUT_MS = 10_000;

/** Requests up to this many bytes are copied behind their header, to be one write. */
const JOINED_BYTES = 16 * 1024;

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
  const server = createServer((socket) => {
    acceptLink(socket, maxPayload, (token) => {
      const owner = owners.get(token);
      owners.delete(token);
      return owner;
    });
  });
  server.listen(path);
  return {
    listening: once(server, "listening"),
    expect: (token, owner) => void owners.set(token, owner),
    forget: (token) => void owners.delete(token),
    async close() {
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

/** Waits for the frame that says whose connection it is; a connection of nobody is closed. */
function acceptLink(
  socket: Socket,
  maxPayload: number,
  take: (token: string) => LinkOwner | undefined,
): void {
  const readFrames = createFrameReader(maxPayload);
  const timer = setTimeout(() => socket.destroy(), LINK_TIMEOUT_MS);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  socket.once("data", (chunk: Buffer) => {
    clearTimeout(timer);
    const [first] = framesOf(readFrames, chunk) ?? [];
    const greeting = first?.kind === FROM_HOST.link ? jsonOf(first.payload) : undefined;
    const { token, slots } = greeting ?? {};
    const owner = typeof token === "string" ? take(token) : undefined;
    if (owner === undefined) socket.destroy();
    else openLink(socket, readFrames, owner, typeof slots === "number" ? slots : 1);
  });
}

function openLink(
  socket: Socket,
  readFrames: (chunk: Uint8Array) => Frame[],
  owner: LinkOwner,
  slots: number,
): void {
  let isClosed = false;
  const close = (wrong?: string): void => {
    if (isClosed) return;
    isClosed = true;
    owner.onClosed(wrong);
    socket.destroy();
  };
  socket.on("data", (chunk: Buffer) => {
    for (const frame of framesOf(readFrames, chunk) ?? [undefined]) {
      const reply = frame === undefined ? undefined : readReply(frame);
      if (frame === undefined || reply === undefined || !owner.onReply(frame.id, reply)) {
        // After a broken frame, or an answer nobody waits for, nothing on this channel can be believed. This is told
        // first: a process that sees its channel closed ends, and would look like one that ended by itself.
        close("the process sent something else than the answer to its call");
        return;
      }
    }
  });
  socket.on("close", () => close());
  owner.onLink(
    {
      send(kind, id, payload) {
        const header = frameHeader(id, kind, payload.length);
        if (payload.length <= JOINED_BYTES) socket.write(Buffer.concat([header, payload]));
        else {
          socket.cork();
          socket.write(header);
          socket.write(payload);
          socket.uncork();
        }
      },
      close: () => void socket.destroy(),
    },
    slots,
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
