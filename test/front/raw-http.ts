/** HTTP/1.1 as bytes on a socket: what a test writes is what is sent, and replies are read as they come. */
import { connect, type Socket } from "node:net";

export interface RawReply {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface RawConnection {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  /** The next reply, interim ones included. @throws Error when the connection closes first */
  reply(): Promise<RawReply>;
  /** Resolves with how many bytes of further replies came when the connection closes. */
  closed(): Promise<number>;
}

/** Connects and sends. Text is sent as Latin-1, one byte for each character. */
export function openRaw(address: string, bytes: string | Uint8Array = ""): RawConnection {
  const socket = connect(Number(address.split(":").at(-1)), "127.0.0.1");
  let seen: Buffer = Buffer.alloc(0);
  let isClosed = false;
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    changed();
  });
  socket.on("close", () => {
    isClosed = true;
    changed();
  });
  const when = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = look();
        if (found === undefined && !isClosed) return;
        watchers.delete(watch);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the connection closed after ${JSON.stringify(seen.toString("latin1"))}`));
      };
      watchers.add(watch);
      watch();
    });
  const send = (more: string | Uint8Array): void =>
    void socket.write(typeof more === "string" ? Buffer.from(more, "latin1") : more);
  if (bytes.length > 0) send(bytes);

  return {
    socket,
    send,
    reply: () =>
      when(() => {
        const reply = readReply(seen);
        if (reply === undefined) return undefined;
        seen = seen.subarray(reply.end);
        return reply;
      }),
    closed: () => when(() => (isClosed ? seen.length : undefined)),
  };
}

function readReply(bytes: Buffer): (RawReply & { readonly end: number }) | undefined {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, head).split("\r\n");
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  const length = status < 200 || status === 304 ? 0 : Number(headers.get("content-length"));
  const end = head + 4 + length;
  if (bytes.length < end) return undefined;
  return { status, headers, body: bytes.subarray(head + 4, end), end };
}
