/** The first call to a server: its answer is read, and every later answer must be the same bytes. */
import { Client, credentials } from "@grpc/grpc-js";
import type { Call, MainAnswer } from "./calls/call.js";
import type { Target } from "./load/connection.js";
import { openConnection } from "./load/open-connections.js";

/**
 * The payload that the server answers.
 * @throws Error when the call fails, or is not what `main()` answers, or for gRPC when grpc-js is answered otherwise
 */
export async function firstAnswer(target: Target, call: Call, answer: MainAnswer): Promise<Uint8Array> {
  const connection = await openConnection(target);
  const payload = await new Promise<Buffer>((resolve, reject) => {
    connection.call((first) => {
      if ("failure" in first) reject(new Error(`its first call failed: ${first.failure}`));
      // A copy: the answer is a view of the connection's memory.
      else resolve(Buffer.from(first.payload));
    });
  }).finally(() => connection.close());
  if (!call.isAnswer(payload, answer)) throw new Error("it answers something else than main()");
  if (target.protocol === "grpc" && !payload.equals(await askGrpcJs(target))) {
    throw new Error("it answers grpc-js otherwise than the load generator");
  }
  return payload;
}

/** The same call by a client that knows nothing of the benchmark. */
function askGrpcJs({ port, path, payload, timeoutMs }: Target): Promise<Buffer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  return new Promise<Buffer>((resolve, reject) => {
    const deadline = Date.now() + timeoutMs;
    client.makeUnaryRequest(path, same, same, Buffer.from(payload), { deadline }, (error, reply) => {
      if (error !== null) reject(error);
      else if (reply === undefined) reject(new Error("grpc-js got no message"));
      else resolve(reply);
    });
  }).finally(() => client.close());
}
