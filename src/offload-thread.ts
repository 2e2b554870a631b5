/** The work of a thread for large messages: the same codecs and checks as on the main thread, compiled here once. */
import { workerData } from "node:worker_threads";
import type { OffloadedProtocol, OffloadedReply } from "./call/offload.js";
import { compileTwoEnds, type TwoEnds } from "./call/two-ends.js";
import type { Service } from "./contract/model.js";
import { reviveService } from "./contract/revive-service.js";
import { compileDecode } from "./grpc/decode.js";
import { compileEncode } from "./grpc/encode.js";
import type { OffloadData } from "./offload.js";
import { portableError, type OffloadResult, type OffloadTask } from "./offload-messages.js";
import { createEncoder } from "./soap/encode.js";
import { createRequestReader } from "./soap/read-request.js";
import type { Struct, Value } from "./values.js";

interface Ends<P extends OffloadedProtocol> {
  decode(task: Extract<OffloadTask, { readonly step: "prepare" }>): Struct;
  encode(result: Value): OffloadedReply[P];
}

interface Compiled {
  readonly ends: TwoEnds;
  readonly protocols: { readonly [P in OffloadedProtocol]: Ends<P> };
}

const { services, limits } = workerData as OffloadData;
const compiled = new Map(services.map((service) => [service.alias, compile(reviveService(service))]));

function compile(service: Service): Compiled {
  const readSoap = createRequestReader(service, limits);
  const readGrpc = compileDecode(service);
  return {
    ends: compileTwoEnds(service, limits),
    protocols: {
      soap: {
        decode: ({ body, contentType, action }) => readSoap(body, { contentType, action }),
        encode: createEncoder(service, limits.maxMessageBytes),
      },
      grpc: { decode: ({ body }) => readGrpc(body), encode: compileEncode(service) },
    },
  };
}

/** Never rejects: a refusal is a result, because errors lose their class between threads. */
export default function work(task: OffloadTask): OffloadResult {
  try {
    const of = compiled.get(task.service);
    if (of === undefined) throw new Error("a service that this thread was not given");
    const protocol = of.protocols[task.protocol];
    if (task.step === "finish") return reply(protocol.encode(of.ends.finish(task.body)), 0);
    const { inputs, rows } = of.ends.prepare(protocol.decode(task));
    return reply(inputs, rows);
  } catch (thrown) {
    return { ok: false, error: portableError(thrown) };
  }
}

function reply(made: Uint8Array | string, rows: number): OffloadResult {
  return { ok: true, reply: made, rows };
}
