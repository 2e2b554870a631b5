/** The work of a thread for large messages: the same codecs and checks as on the main thread, compiled here once. */
import { workerData } from "node:worker_threads";
import { NO_HEADER, type HeaderListener, type MessageHeader } from "./call/message-header.js";
import type { OffloadedProtocol, OffloadedReply } from "./call/offload.js";
import { compileTwoEnds, type TwoEnds } from "./call/two-ends.js";
import type { Service } from "./contract/model.js";
import { reviveService } from "./contract/revive-service.js";
import type { SoapVersion } from "./contract/soap-names.js";
import { compileDecode } from "./grpc/decode.js";
import { compileEncode } from "./grpc/encode.js";
import type { OffloadData } from "./offload.js";
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

interface Ends<Reply> {
  decode(task: Extract<OffloadTask, { readonly step: "prepare" }>, heard: HeaderListener): Asked;
  encode(result: Value, operation: string): Reply;
}

interface Compiled {
  /** Name of the service's own operation. */
  readonly operation: string;
  readonly ends: TwoEnds;
  readonly protocols: { readonly [P in OffloadedProtocol]: Ends<OffloadedReply[P]> };
}

const { services, limits, soapPolicy } = workerData as OffloadData;
const compiled = new Map(services.map((service) => [service.alias, compile(reviveService(service))]));

function compile(service: Service): Compiled {
  const { operation } = service;
  const encodeSoap = createEncoders(service, limits.maxMessageBytes);
  const soap = (version: SoapVersion): Ends<string> => {
    const read = createRequestReader({
      service,
      limits,
      rules: SOAP_RULES[version],
      kinds: understoodHeaders(service, soapPolicy),
    });
    return {
      decode: ({ body, contentType, action }, heard) => read(body, { contentType, action }, heard),
      encode: encodeSoap,
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
    },
  };
}

/** Never rejects: a refusal is a result, because errors lose their class between threads. */
export default function work(task: OffloadTask): OffloadResult {
  let header: MessageHeader = NO_HEADER;
  const heard = (read: MessageHeader): void => void (header = read);
  try {
    const of = compiled.get(task.service);
    if (of === undefined) throw new Error("a service that this thread was not given");
    const protocol = of.protocols[task.protocol];
    if (task.step === "finish") {
      const { operation = of.operation } = task;
      const reply = protocol.encode(of.ends.finish(task.body), operation);
      return { ok: true, reply, rows: 0, operation, header };
    }
    const asked = protocol.decode(task, heard);
    const { inputs, rows } = of.ends.prepare(asked.inputs);
    return { ok: true, reply: inputs, rows, operation: asked.operation.name, header };
  } catch (thrown) {
    return { ok: false, error: portableError(thrown), header };
  }
}
