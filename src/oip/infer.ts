/** `ModelInfer` from the bytes of its message to those of its reply, through the same calls as every other protocol. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Elsewhere } from "../call/call.js";
import { urgencyFrom } from "../call/flow.js";
import type { Gone } from "../call/gone.js";
import type { Offload, TensorForm } from "../call/offload.js";
import { flowOf, type Caller } from "../caller-of.js";
import { deadlineFor, type Limits } from "../limits.js";
import type { InferRequest } from "./infer-request.js";
import type { Model } from "./models.js";

export interface InferCall {
  readonly message: Uint8Array;
  readonly request: InferRequest;
  readonly model: Model;
  readonly requestId: string;
  /** Milliseconds that the caller still waits, if it has said so. */
  readonly remainingMs: number | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: Gone;
  readonly caller: Caller;
  /** The `Priority` field. */
  readonly priority: string | undefined;
}

export interface InferOptions {
  readonly limits: Limits;
  readonly offload: Offload;
}

/** The reply's message. @throws GatewayError and nothing else */
export function infer(inference: InferCall, { limits, offload }: InferOptions): Promise<Uint8Array> {
  const { message, request, model, requestId, remainingMs, signal, caller, priority } = inference;
  const { schedule } = request;
  const deadlineAt = deadlineFor(sooner(remainingMs, schedule.timeoutMs), limits);
  const protocol = "oip" as const;
  const context = {
    requestId,
    protocol,
    deadlineAt,
    bytesIn: message.length,
    signal,
    caller: flowOf(caller),
    urgency: schedule.urgency ?? urgencyFrom(priority),
  };
  const common = { protocol, service: model.service.alias, deadlineAt, signal };
  const { decode, encode, formOf } = model.codec();
  // Before the tensors are read: an answer that nobody can give need not be computed.
  let form: TensorForm | undefined;
  const chosen = (): TensorForm => (form ??= formOf(message, request));
  const elsewhere: Elsewhere<Uint8Array> = {
    async prepare() {
      chosen();
      return offload.prepare({ ...common, body: message });
    },
    async finish(result) {
      return withHead(await offload.finish({ ...common, result, form: chosen() }), inference);
    },
  };
  return model.call(context, {
    decode() {
      chosen();
      return decode(message, request);
    },
    encode: (result) => withHead(encode(result, chosen()), inference),
    provedCaller: () => caller.name,
    elsewhere,
  });
}

function sooner(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/** Fields of `ModelInferResponse` before the outputs. */
const MODEL_NAME = 1;
const MODEL_VERSION = 2;
const ID = 3;

function withHead(outputs: Uint8Array, { model, request }: InferCall): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(MODEL_NAME, WireType.LengthDelimited).string(model.service.alias);
  if (model.version !== "") writer.tag(MODEL_VERSION, WireType.LengthDelimited).string(model.version);
  if (request.id !== "") writer.tag(ID, WireType.LengthDelimited).string(request.id);
  return Buffer.concat([writer.finish(), outputs]);
}
