/** A TCP proxy between foreign clients and the gateway that keeps every byte of both directions. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { exchangesOf, isWholeRequest, type Exchange } from "./http-exchanges.js";

export interface RecordingProxy {
  readonly port: number;
  /** Where it passes everything on to. */
  forwardTo(port: number): void;
  /**
   * Passes on something else instead of the next POST, which must have a stated length and be the first on its connection or
   * come after the reply to the one before. @returns that request as it came
   */
  alterNext(change: (request: Buffer) => Buffer): Promise<Buffer>;
  /** Every request of the connections so far with its reply; no request may be on its way. */
  exchanges(): readonly Exchange[];
  stop(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  readonly sent: Buffer[];
  readonly answered: Buffer[];
}

interface Alteration {
  readonly change: (request: Buffer) => Buffer;
  readonly settle: (request: Buffer) => void;
}

const POST = Buffer.from("POST ");

/** @param identity to speak TLS to clients; what is kept, and passed on, is then the plain text */
export async function startRecordingProxy(identity?: TlsOptions): Promise<RecordingProxy> {
  const connections: Connection[] = [];
  let target = 0;
  let pending: Alteration | undefined;
  const alter = (bytes: Buffer): Buffer | undefined => {
    if (pending === undefined || !bytes.subarray(0, 5).equals(POST)) return bytes;
    if (!isWholeRequest(bytes)) return undefined;
    const { change, settle } = pending;
    pending = undefined;
    settle(bytes);
    return change(bytes);
  };
  // A client that has sent all may end its half: what is still to come to it must come.
  const accept = (client: Socket): void => {
    const gateway = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    const connection: Connection = { client, sent: [], answered: [] };
    connections.push(connection);
    pass(client, gateway, connection.sent, alter);
    pass(gateway, client, connection.answered, (bytes) => bytes);
  };
  const server =
    identity === undefined
      ? createServer({ allowHalfOpen: true }, accept)
      : createTlsServer({ ...identity, allowHalfOpen: true }, accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    forwardTo(port) {
      target = port;
    },
    alterNext: (change) =>
      new Promise((settle) => {
        pending = { change, settle };
      }),
    exchanges: () =>
      connections.flatMap(({ sent, answered }, index) =>
        exchangesOf(index, Buffer.concat(sent), Buffer.concat(answered)),
      ),
    async stop() {
      for (const { client } of connections) client.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** @param through what to pass on of what has come; undefined: nothing before more has come */
function pass(
  from: Socket,
  to: Socket,
  kept: Buffer[],
  through: (bytes: Buffer) => Buffer | undefined,
): void {
  let held = Buffer.alloc(0);
  from.on("data", (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    const passed = through(held);
    if (passed === undefined) return;
    held = Buffer.alloc(0);
    kept.push(passed);
    to.write(passed);
  });
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}
