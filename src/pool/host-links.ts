/**
 * The main thread's own road to the Python processes: a Unix socket that every host connects to. A call goes down it
 * and its answer comes back without a stop in between, because each hop through a thread costs two waits for the
 * scheduler (docs/decisions/0001-one-long-task-per-worker.md).
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defer, type Deferred } from "../deferred.js";
import { Refusal, type Code } from "../errors.js";
import { createFrameReader, frameHeader, type Frame } from "./frames.js";
import { FROM_HOST, RESULT_PREFIX_BYTES, TO_HOST, type HostFailure } from "./host-messages.js";

/** How long a connection may take to say whose it is, in milliseconds. */
const LINK_TIMEOUT_MS = 10_000;

/** Bytes of the longest path that every kernel takes for a Unix socket. */
const LONGEST_SOCKET_PATH = 103;

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
  /** One call at a time. Resolves with the answer, or with `undefined` when none can come any more. */
  call(id: number, payload: Uint8Array): Promise<Reply | undefined>;
  /** Resolves, with what went wrong, when the channel is closed. */
  readonly closed: Promise<string>;
  close(): void;
}

export interface HostLinks {
  /** Path of the socket. */
  readonly path: string;
  readonly listening: Promise<unknown>;
  /** The call channel of the process with this token; pending until it connects. */
  of(token: string): Promise<HostLink>;
  /** The process with this token has gone. */
  forget(token: string): void;
  close(): Promise<void>;
}

/**
 * @param maxPayload bytes of the longest frame that a host may send
 * @throws Refusal `usage` when the temporary folder cannot hold the socket
 */
export function listenForHosts(maxPayload: number): HostLinks {
  const folder = makePrivateFolder();
  const path = join(folder, "hosts");
  const links = new Map<string, Deferred<HostLink>>();
  const linkOf = (token: string): Deferred<HostLink> => {
    const link = links.get(token) ?? defer<HostLink>();
    links.set(token, link);
    return link;
  };
  const server = createServer((socket) => acceptLink(socket, maxPayload, (token) => links.get(token)));
  server.listen(path);
  return {
    path,
    listening: once(server, "listening"),
    of: (token) => linkOf(token).promise,
    forget: (token) => void links.delete(token),
    async close() {
      const closed = once(server, "close");
      server.close();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Private to this user: whoever can connect to what is in it can answer for an artifact. */
function makePrivateFolder(): string {
  const wish = join(tmpdir(), "artifact-gateway-");
  const refuse = (message: string): Refusal =>
    new Refusal("usage", [
      { where: "TMPDIR", path: "", message, remedy: "Set it to a writable folder with a short path." },
    ]);
  // Six more characters, and the name of the socket.
  if (Buffer.byteLength(wish) + 12 > LONGEST_SOCKET_PATH)
    throw refuse("The path is too long for a Unix socket.");
  try {
    return mkdtempSync(wish);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw refuse(`No folder can be made in ${tmpdir()} (${code}).`);
  }
}

/** Waits for the frame that says whose connection it is; a connection of nobody is closed. */
function acceptLink(
  socket: Socket,
  maxPayload: number,
  find: (token: string) => Deferred<HostLink> | undefined,
): void {
  const readFrames = createFrameReader(maxPayload);
  const timer = setTimeout(() => socket.destroy(), LINK_TIMEOUT_MS);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  socket.once("data", (chunk: Buffer) => {
    clearTimeout(timer);
    const [first] = framesOf(readFrames, chunk) ?? [];
    const owner = first?.kind === FROM_HOST.link ? find(textOf(first.payload)) : undefined;
    if (owner === undefined) socket.destroy();
    else owner.resolve(createLink(socket, readFrames));
  });
}

function createLink(socket: Socket, readFrames: (chunk: Uint8Array) => Frame[]): HostLink {
  const closed = defer<string>();
  let running: { readonly id: number; readonly answer: Deferred<Reply | undefined> } | undefined;
  let wrong = "the process closed its call channel";

  const settle = (reply: Reply | undefined): void => {
    const { answer } = running ?? {};
    running = undefined;
    answer?.resolve(reply);
  };
  socket.on("data", (chunk: Buffer) => {
    for (const frame of framesOf(readFrames, chunk) ?? [undefined]) {
      const reply = frame === undefined || frame.id !== running?.id ? undefined : readReply(frame);
      if (reply !== undefined) settle(reply);
      else {
        // After a broken frame, or an answer nobody waits for, nothing on this channel can be believed.
        wrong = "the process sent something else than the answer to its call";
        socket.destroy();
        return;
      }
    }
  });
  socket.on("close", () => {
    settle(undefined);
    closed.resolve(wrong);
  });

  return {
    closed: closed.promise,
    call(id, payload) {
      const answer = defer<Reply | undefined>();
      if (running !== undefined || socket.destroyed) return Promise.resolve(undefined);
      running = { id, answer };
      const header = frameHeader(id, TO_HOST.call, payload.length);
      if (payload.length <= JOINED_BYTES) socket.write(Buffer.concat([header, payload]));
      else {
        socket.cork();
        socket.write(header);
        socket.write(payload);
        socket.uncork();
      }
      return answer.promise;
    },
    close: () => void socket.destroy(),
  };
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
  const failure = failureOf(bytes);
  if (failure === undefined) return undefined;
  const { message, traceback, seconds = 0 } = failure;
  return {
    ok: false,
    code: kind === FROM_HOST.artifactError ? "artifact_error" : "output_invalid",
    runMs: seconds * 1000,
    detail: traceback === "" ? message : traceback,
  };
}

function failureOf(bytes: Buffer): HostFailure | undefined {
  try {
    return JSON.parse(bytes.toString("utf8")) as HostFailure;
  } catch {
    return undefined;
  }
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("latin1");
}
