/** A relay before a gateway that counts what passes: connections, bytes of the caller, and its PINGs. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";

/** Bytes before a client's first frame (RFC 9113, 3.4), and of the head of a frame (4.1). */
const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;
const PING = 6;
const ACK = 1;

export interface Relay {
  readonly port: number;
  /** What callers have sent so far, in bytes. */
  readonly sentBytes: number;
  /** Resolves when one connection has sent so many PINGs of its own, answers to the gateway's not among them. */
  pings(count: number): Promise<void>;
  /** Resolves when so many connections have been made. */
  connections(count: number): Promise<void>;
  close(): void;
}

/** @param to the port of a gateway, in clear text */
export async function relayTo(to: number): Promise<Relay> {
  let sentBytes = 0;
  let most = 0;
  let connections = 0;
  const server = createServer((caller) => {
    connections += 1;
    server.emit("counted");
    const gateway = connect(to, "127.0.0.1");
    const count = pingCounter();
    caller.on("data", (bytes: Buffer) => {
      sentBytes += bytes.length;
      most = Math.max(most, count(bytes));
      server.emit("bytes");
    });
    caller.pipe(gateway).pipe(caller);
    caller.on("error", () => gateway.destroy());
    gateway.on("error", () => caller.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get sentBytes() {
      return sentBytes;
    },
    async pings(count) {
      while (most < count) await once(server, "bytes");
    },
    async connections(count) {
      while (connections < count) await once(server, "counted");
    },
    close: () => void server.close(),
  };
}

/** @returns takes the next bytes of a connection, and says how many PINGs have begun so far */
function pingCounter(): (bytes: Buffer) => number {
  let rest = Buffer.alloc(0);
  let skip = PREFACE_BYTES;
  let pings = 0;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= skip + HEAD_BYTES) {
      const head = rest.subarray(skip, skip + HEAD_BYTES);
      rest = rest.subarray(skip + HEAD_BYTES);
      skip = head.readUIntBE(0, 3);
      if (head.readUInt8(3) === PING && (head.readUInt8(4) & ACK) === 0) pings += 1;
    }
    return pings;
  };
}
