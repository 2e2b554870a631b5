/** Both ends of an inference for one service, compiled from its contract; for the main thread and for those of large messages. */
import type { TensorForm } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import { GatewayError, type Violation } from "../errors.js";
import { invalidInput, report } from "../grpc/violations.js";
import { MalformedError, WireReader } from "../grpc/wire-reader.js";
import type { Struct, Value } from "../values.js";
import { compileDecodeInputs } from "./decode-inputs.js";
import { compileEncodeOutputs } from "./encode-outputs.js";
import { MALFORMED, type InferRequest } from "./infer-request.js";
import { readRequestedOutput } from "./input-tensor.js";
import { describeTensors, inputTensors, outputTensors, type TensorDescription } from "./tensors.js";

export interface InferenceCodec {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  /** Tensors of the longer of both lists: no request for this model has more. */
  readonly mostTensors: number;
  /** @throws GatewayError `invalid_input` with every violation found */
  readonly decode: (bytes: Uint8Array, request: InferRequest) => Struct;
  /** What the caller wants of the reply. @throws GatewayError `invalid_input` for an output that there is not */
  readonly formOf: (bytes: Uint8Array, request: InferRequest) => TensorForm;
  /** The outputs of a `ModelInferResponse`. @throws GatewayError `output_invalid` */
  readonly encode: (result: Value, form: TensorForm) => Uint8Array;
}

export const ALL_TENSORS: TensorForm = { isRaw: false, wanted: undefined };

/** @throws GatewayError `contract_mismatch` when two tensors of the contract would have the same name */
export function compileInferenceCodec(service: Service): InferenceCodec {
  const inputs = inputTensors(service);
  const outputs = outputTensors(service);
  if (!inputs.ok) throw sameName("inputs", inputs.conflict);
  if (!outputs.ok) throw sameName("outputs", outputs.conflict);
  const described = { inputs: describeTensors(inputs.tensors), outputs: describeTensors(outputs.tensors) };
  const names = new Set(described.outputs.map(({ name }) => name));
  return {
    ...described,
    mostTensors: Math.max(described.inputs.length, described.outputs.length),
    decode: compileDecodeInputs(inputs.tensors),
    formOf: (bytes, request) => ({ isRaw: request.raw.length > 0, wanted: wantedOf(bytes, request, names) }),
    encode: compileEncodeOutputs(outputs.tensors),
  };
}

function sameName(what: "inputs" | "outputs", name: string): GatewayError {
  const remedy = "Call the generated service instead, or rename a field in the artifact.";
  const message = `Two ${what} of this model would be called ${name} in this protocol. ${remedy}`;
  return new GatewayError("contract_mismatch", message);
}

function wantedOf(
  bytes: Uint8Array,
  { outputs }: InferRequest,
  names: ReadonlySet<string>,
): readonly string[] | undefined {
  if (outputs.length === 0) return undefined;
  const reader = new WireReader(bytes);
  const violations: Violation[] = [];
  const wanted = new Set<string>();
  for (const [index, span] of outputs.entries()) {
    const path = `outputs[${index}]`;
    try {
      const name = readRequestedOutput(reader, span, path, violations) ?? "";
      if (!names.has(name)) report(violations, path, "The model has no output of this name.");
      else if (wanted.has(name)) report(violations, path, "Was asked for twice.");
      wanted.add(name);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      report(violations, path, MALFORMED);
    }
  }
  if (violations.length > 0) throw invalidInput(violations);
  return [...wanted];
}
