/** The work of a thread for large messages: the same codecs and checks as on the main thread, compiled here once. */
import { workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { NO_HEADER, type HeaderListener, type MessageHeader } from "./call/message-header.js";
import type { Around, OffloadedProtocol, TensorForm } from "./call/offload.js";
import { compileTwoEnds, type TwoEnds } from "./call/two-ends.js";
import type { Service } from "./contract/model.js";
import { reviveService } from "./contract/revive-service.js";
import type { SoapVersion } from "./contract/soap-names.js";
import { compileDecode } from "./grpc/decode.js";
import { compileEncode } from "./grpc/encode.js";
import { compileResultEncoder } from "./json/encode-result.js";
import { createRequestReader as createJsonReader } from "./json/read-request.js";
import type { OffloadData } from "./offload.js";
import { ALL_TENSORS, compileInferenceCodec, type InferenceCodec } from "./oip/codec.js";
import { readInferRequest } from "./oip/infer-request.js";
import { ownBytes } from "./own-bytes.js";
import { portableError, type OffloadResult, type OffloadTask } from "./offload-messages.js";
import { createEncoders } from "./soap/encode.js";
import { createRequestReader } from "./soap/read-request.js";
import { SOAP_RULES } from "./soap/rules.js";
import { understoodHeaders } from "./soap/understood-headers.js";
import type { Struct, Value } from "./values.js";

/** A request that was read. */
interface Asked {
  readonly operation: { readonly name: string };
  readonly inputs: Struct;
}

interface Ends {
  decode(task: Extract<OffloadTask, { readonly step: "prepare" }>, heard: HeaderListener): Asked;
  encode(result: Value, operation: string, around: Around, form?: TensorForm): Uint8Array;
}

/** Stands around the reply of a protocol that has nothing there. */
const NOTHING: Around = { before: "", after: "" };

interface Compiled {
  /** Name of the service's own operation. */
  readonly operation: string;
  readonly ends: TwoEnds;
  readonly protocols: Readonly<Record<OffloadedProtocol, Ends>>;
}

const { services, limits, soapPolicy } = workerData as OffloadData;
const compiled = new Map(services.map((service) => [service.alias, compile(reviveService(service))]));

function compile(service: Service): Compiled {
  const { operation } = service;
  const encodeSoap = createEncoders(service, limits.maxMessageBytes);
  const soap = (version: SoapVersion): Ends => {
    const read = createRequestReader({
      service,
      limits,
      rules: SOAP_RULES[version],
      kinds: understoodHeaders(service, soapPolicy),
    });
    return {
      decode: ({ body, contentType, action }, heard) => read(body, { contentType, action }, heard),
      encode: (result, operation, { before, after }) =>
        Buffer.from(before + encodeSoap(result, operation) + after),
    };
  };
  const readGrpc = compileDecode(service);
  return {
    operation: operation.name,
    ends: compileTwoEnds(service, limits),
    protocols: {
      soap: soap("1.1"),
      soap12: soap("1.2"),
      grpc: { decode: ({ body }) => ({ operation, inputs: readGrpc(body) }), encode: compileEncode(service) },
      json: jsonEnds(service),
      oip: inferenceEnds(service),
    },
  };
}

function jsonEnds(service: Service): Ends {
  const { operation } = service;
  const read = createJsonReader(operation.request, limits.maxViolations);
  const encode = compileResultEncoder(service);
  return {
    decode: ({ body }) => ({ operation, inputs: read(body) }),
    encode: (result) => Buffer.from(encode(result)),
  };
}

/** The other door to gRPC is closed in most gateways: its codec is made when it is asked for. */
function inferenceEnds(service: Service): Ends {
  const operation = service.operation;
  let compiled: InferenceCodec | undefined;
  const codec = (): InferenceCodec => (compiled ??= compileInferenceCodec(service));
  return {
    decode: ({ body }) => {
      const { decode, mostTensors } = codec();
      return { operation, inputs: decode(body, readInferRequest(body, mostTensors)) };
    },
    encode: (result, _operation, _around, form = ALL_TENSORS) => codec().encode(result, form),
  };
}

/** Never rejects: a refusal is a result, because errors lose their class between threads. */
export default function work(task: OffloadTask): OffloadResult | ReturnType<typeof move> {
  const result = resultOf(task);
  if (!result.ok) return result;
  // The reply goes with its memory, as the request came.
  return move({ [transferableSymbol]: [result.reply.buffer], [valueSymbol]: result });
}

function resultOf(task: OffloadTask): OffloadResult {
  let header: MessageHeader = NO_HEADER;
  const heard = (read: MessageHeader): void => void (header = read);
  try {
    const of = compiled.get(task.service);
    if (of === undefined) throw new Error("a service that this thread was not given");
    const protocol = of.protocols[task.protocol];
    if (task.step === "finish") {
      const { operation = of.operation, around = NOTHING, form } = task;
      const reply = ownBytes(protocol.encode(of.ends.finish(task.body), operation, around, form));
      return { ok: true, reply, rows: 0, operation, header };
    }
    const asked = protocol.decode(task, heard);
    const { inputs, rows } = of.ends.prepare(asked.inputs);
    return { ok: true, reply: ownBytes(inputs), rows, operation: asked.operation.name, header };
  } catch (thrown) {
    return { ok: false, error: portableError(thrown), header };
  }
}
