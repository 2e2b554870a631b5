/** One HTTP/2 connection that makes the same unary gRPC call, any number of them at a time. */
import { once } from "node:events";
import { connect, constants, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { Answer, Connection, Failure, Target } from "./connection.js";

/** Compressed flag and length before every message. */
const PREFIX_BYTES = 5;

/** @throws Error when nobody accepts the connection */
export async function openGrpcConnection(target: Target): Promise<Connection> {
  const session = connect(`http://127.0.0.1:${target.port}`);
  await once(session, "connect");
  // Its streams fail with it; without a listener the error would end the process.
  session.on("error", () => undefined);
  const headers = {
    ":method": "POST",
    ":path": target.path,
    "content-type": "application/grpc",
    te: "trailers",
  };
  const message = withPrefix(target.payload);

  return {
    isOpen: () => !session.closed && !session.destroyed,
    call() {
      if (session.closed || session.destroyed) return Promise.resolve({ failure: "reset" });
      const stream = session.request(headers);
      const answer = readAnswer(stream, target.timeoutMs);
      stream.end(message);
      return answer;
    },
    close: () => session.destroy(),
  };
}

function readAnswer(stream: ClientHttp2Stream, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let httpStatus: number | undefined;
    let grpcStatus: string | undefined;
    let failure: Failure = "reset";
    const timer = setTimeout(() => {
      failure = "timeout";
      stream.close(constants.NGHTTP2_CANCEL);
    }, timeoutMs);
    stream.on("response", (headers) => {
      httpStatus = headers[":status"];
      // An answer of trailers alone has its status here.
      grpcStatus = statusOf(headers["grpc-status"]);
    });
    stream.on("trailers", (trailers: IncomingHttpHeaders) => {
      grpcStatus = statusOf(trailers["grpc-status"]);
    });
    stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
    // A reset ends in "close" as well; the error itself says nothing more.
    stream.on("error", () => undefined);
    stream.on("close", () => {
      clearTimeout(timer);
      const isCut = grpcStatus === undefined && (httpStatus === undefined || httpStatus === 200);
      if (isCut) resolve({ failure });
      else if (grpcStatus !== "0" || httpStatus !== 200) resolve({ failure: "status" });
      else resolve(readMessage(Buffer.concat(chunks)));
    });
  });
}

function statusOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header;
}

/** The one message of a unary answer. */
function readMessage(data: Buffer): Answer {
  const whole =
    data.length >= PREFIX_BYTES && data[0] === 0 && data.readUInt32BE(1) === data.length - PREFIX_BYTES;
  return whole ? { payload: data.subarray(PREFIX_BYTES) } : { failure: "malformed" };
}

function withPrefix(payload: Uint8Array): Buffer {
  const message = Buffer.alloc(PREFIX_BYTES + payload.length);
  message.writeUInt32BE(payload.length, 1);
  message.set(payload, PREFIX_BYTES);
  return message;
}
