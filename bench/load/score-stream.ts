/** One `EvaluateStream` with the same request again and again, as fast as the server takes it. */
import { once } from "node:events";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { defer } from "../../src/deferred.js";
import { PREFIX_BYTES, withPrefix } from "./grpc-request.js";

export interface StreamLoad {
  readonly port: number;
  /** Of the method. */
  readonly path: string;
  /** One message of the stream. */
  readonly item: Uint8Array;
  readonly items: number;
  /** Called now and then with the number of answers so far. */
  readonly onAnswers?: (answers: number) => void;
}

export interface StreamResult {
  readonly elapsedMs: number;
  /** The first answer; every other one was the same bytes, or is a failure. */
  readonly first: Buffer;
  readonly answers: number;
  readonly failures: number;
}

/** Messages that are written at once: about what a gRPC library gathers in one frame. */
const AT_ONCE = 64;
const WINDOW_BYTES = 1024 * 1024;

/** @throws Error when the stream does not end with status 0 */
export async function scoreStream(load: StreamLoad): Promise<StreamResult> {
  const session = connect(`http://127.0.0.1:${load.port}`, { settings: { initialWindowSize: WINDOW_BYTES } });
  try {
    await once(session, "connect");
    session.on("error", () => undefined);
    session.setLocalWindowSize(WINDOW_BYTES);
    const began = performance.now();
    const stream = session.request({
      ":method": "POST",
      ":path": load.path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const ended = defer<string>();
    const status = { code: "none" };
    const read = ({ "grpc-status": code }: IncomingHttpHeaders): void => {
      if (typeof code === "string") status.code = code;
    };
    stream.on("response", read).on("trailers", read);
    stream.on("error", () => undefined).on("close", () => ended.resolve(status.code));
    const answers = countAnswers();
    stream.on("data", (chunk: Buffer) => {
      answers.push(chunk);
      load.onAnswers?.(answers.count());
    });
    const one = withPrefix(load.item);
    for (let sent = 0; sent < load.items && !stream.destroyed; sent += AT_ONCE) {
      const some = Math.min(AT_ONCE, load.items - sent);
      const hasRoom = stream.write(Buffer.concat(Array.from({ length: some }, () => one)));
      if (!hasRoom) await Promise.race([once(stream, "drain"), ended.promise]);
    }
    stream.end();
    const code = await ended.promise;
    if (code !== "0")
      throw new Error(`the stream ended with status ${code} after ${answers.count()} answers`);
    const first = answers.first();
    return {
      elapsedMs: performance.now() - began,
      first,
      answers: answers.count(),
      failures: answers.others(),
    };
  } finally {
    session.destroy();
  }
}

interface Answers {
  push(chunk: Buffer): void;
  count(): number;
  first(): Buffer;
  /** Answers that were not the same bytes as the first. */
  others(): number;
}

function countAnswers(): Answers {
  let rest: Buffer = Buffer.alloc(0);
  let first: Buffer | undefined;
  let count = 0;
  let others = 0;
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (bytes.length - at >= PREFIX_BYTES) {
        const end = at + PREFIX_BYTES + bytes.readUInt32BE(at + 1);
        if (end > bytes.length) break;
        const answer = bytes.subarray(at + PREFIX_BYTES, end);
        first ??= Buffer.from(answer);
        if (!answer.equals(first)) others += 1;
        count += 1;
        at = end;
      }
      rest = bytes.subarray(at);
    },
    count: () => count,
    first: () => first ?? Buffer.alloc(0),
    others: () => others,
  };
}
