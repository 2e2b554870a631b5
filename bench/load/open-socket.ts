/** A TCP connection to a server on this machine, whose bytes are read into one piece of memory again and again. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** More than any answer of a benchmark; a longer one comes in several pieces. */
const CHUNK_BYTES = 64 * 1024;

/**
 * @param onBytes gets a view that is gone when it returns
 * @throws Error when nobody accepts the connection
 */
export async function openSocket(port: number, onBytes: (chunk: Buffer) => void): Promise<Socket> {
  const memory = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const socket = connect({
    host: "127.0.0.1",
    port,
    noDelay: true,
    onread: {
      buffer: memory,
      callback(length) {
        onBytes(memory.subarray(0, length));
        return true;
      },
    },
  });
  await once(socket, "connect");
  return socket;
}
