/** One HTTP/2 connection that makes the same unary gRPC call, any number of them at a time. */
import { sweepInterval, type Answer, type Connection, type Target } from "./connection.js";
import { grpcRequest, PREFIX_BYTES } from "./grpc-request.js";
import { readStatusFields } from "./header-block.js";
import { openSession } from "./http2-session.js";

interface Exchange {
  readonly done: (answer: Answer) => void;
  readonly sentAt: number;
  httpStatus: string | undefined;
  grpcStatus: string | undefined;
  /** Of the answer so far; a copy. */
  data: Buffer | undefined;
}

/** gRPC's UNAVAILABLE, which a server answers when it has no place for a call. */
const UNAVAILABLE = "14";

/** @throws Error when nobody accepts the connection, or whoever does speaks no HTTP/2 */
export async function openGrpcConnection(target: Target): Promise<Connection> {
  const exchanges = new Map<number, Exchange>();
  let open = true;
  let nextStream = 1;

  const settle = (stream: number, answer: Answer): void => {
    const exchange = exchanges.get(stream);
    exchanges.delete(stream);
    exchange?.done(answer);
  };
  const session = await openSession(target, {
    onHeaders(stream, block, isLast) {
      const fields = readStatusFields(block);
      if (fields === "malformed") return false;
      const exchange = exchanges.get(stream);
      if (exchange === undefined) return true;
      exchange.httpStatus ??= fields.status;
      exchange.grpcStatus = fields.grpcStatus;
      if (isLast) settle(stream, readAnswer(exchange));
      return true;
    },
    onData(stream, content, isLast) {
      const exchange = exchanges.get(stream);
      if (exchange === undefined) return;
      exchange.data =
        exchange.data === undefined ? Buffer.from(content) : Buffer.concat([exchange.data, content]);
      if (isLast) settle(stream, readAnswer(exchange));
    },
    onReset: (stream) => settle(stream, { failure: "reset" }),
    onGoAway(last) {
      open = false;
      for (const stream of [...exchanges.keys()]) if (stream > last) settle(stream, { failure: "reset" });
    },
    onEnd(failure) {
      open = false;
      clearInterval(sweep);
      for (const stream of [...exchanges.keys()]) settle(stream, { failure });
    },
  });
  const sweep = setInterval(() => {
    const oldest = performance.now() - target.timeoutMs;
    for (const [stream, { sentAt }] of [...exchanges]) {
      if (sentAt > oldest) continue;
      session.cancel(stream);
      settle(stream, { failure: "timeout" });
    }
  }, sweepInterval(target));
  const request = grpcRequest(target, session.tableBytes);

  return {
    isOpen: () => open,
    call(done) {
      if (!open) {
        done({ failure: "reset" });
        return;
      }
      const stream = nextStream;
      nextStream += 2;
      const sentAt = performance.now();
      exchanges.set(stream, { done, sentAt, httpStatus: undefined, grpcStatus: undefined, data: undefined });
      session.send(stream, stream === 1 ? request.firstHead : request.head, request.body);
    },
    close: () => session.end(),
  };
}

/** What a whole answer says: nothing but status 200, grpc-status 0 in the last block, and one message is a success. */
function readAnswer({ httpStatus, grpcStatus, data }: Exchange): Answer {
  if (grpcStatus === undefined && httpStatus === "200") return { failure: "reset" };
  if (grpcStatus === UNAVAILABLE || httpStatus === "503") return { failure: "overloaded" };
  if (grpcStatus !== "0" || httpStatus !== "200") return { failure: "status" };
  const isWhole =
    data !== undefined &&
    data.length >= PREFIX_BYTES &&
    data[0] === 0 &&
    data.readUInt32BE(1) === data.length - PREFIX_BYTES;
  return isWhole ? { payload: data.subarray(PREFIX_BYTES) } : { failure: "malformed" };
}
