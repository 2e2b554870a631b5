/** A TCP proxy between foreign clients and the gateway that keeps every byte of both directions. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { exchangesOf, type Exchange } from "./http-exchanges.js";

export interface RecordingProxy {
  readonly port: number;
  /** Where it passes everything on to. */
  forwardTo(port: number): void;
  /** Every request of the connections so far with its reply; no request may be on its way. */
  exchanges(): readonly Exchange[];
  stop(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  readonly sent: Buffer[];
  readonly answered: Buffer[];
}

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const connections: Connection[] = [];
  let target = 0;
  // A client that has sent all may end its half: what is still to come to it must come.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const gateway = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    const connection: Connection = { client, sent: [], answered: [] };
    connections.push(connection);
    pass(client, gateway, connection.sent);
    pass(gateway, client, connection.answered);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    forwardTo(port) {
      target = port;
    },
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

function pass(from: Socket, to: Socket, kept: Buffer[]): void {
  from.on("data", (bytes) => {
    kept.push(bytes);
    to.write(bytes);
  });
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}
