/** The artifacts as models of the Open Inference Protocol: which there are, under which version, and what their tensors are. */
import { create } from "@bufbuild/protobuf";
import type { CallHandler } from "../call/call.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import {
  ModelMetadataResponseSchema,
  type ModelMetadataResponse,
} from "../proto/gen/inference/grpc_predict_v2_pb.js";
import { compileInferenceCodec, type InferenceCodec } from "./codec.js";
import type { TensorDescription } from "./tensors.js";

/** One artifact that is served. */
export interface ModelEntry {
  readonly service: Service;
  readonly call: CallHandler;
  readonly facts: { readonly artifactVersion: string | undefined };
  /** Whether a process has loaded it. */
  readonly isReady: () => boolean;
}

export interface Model extends ModelEntry {
  /** As its metadata say; empty when they do not. */
  readonly version: string;
  /** @throws GatewayError `contract_mismatch` for a contract that the protocol cannot express */
  readonly codec: () => InferenceCodec;
}

export interface Models {
  /** Most tensors that any model has. */
  readonly mostTensors: number;
  /**
   * The model of a name and version; an empty version is whichever there is.
   * @throws GatewayError `not_found`
   */
  find(name: string, version: string): Model;
}

/** What `ModelMetadata` says the platform is; the standard's list has deep-learning formats only. */
const PLATFORM = "artifact-gateway";

export function createModels(entries: readonly ModelEntry[]): Models {
  const models = new Map(entries.map((entry) => [entry.service.alias, createModel(entry)]));
  const tensors = [...models.values()].map(({ mostTensors }) => mostTensors);
  return {
    mostTensors: Math.max(0, ...tensors),
    find(name, version) {
      const found = models.get(name);
      if (found === undefined) {
        throw new GatewayError(
          "not_found",
          `There is no model of this name. Served: ${[...models.keys()].join(", ")}.`,
        );
      }
      if (version === "" || version === found.version) return found;
      const served = found.version === "" ? "without a version" : `in version ${found.version}`;
      const message = `The model ${name} is not served in this version, but ${served}. Leave the version empty.`;
      throw new GatewayError("not_found", message);
    },
  };
}

function createModel(entry: ModelEntry): Model & { readonly mostTensors: number } {
  const version = entry.facts.artifactVersion ?? "";
  try {
    const codec = compileInferenceCodec(entry.service);
    return { ...entry, version, codec: () => codec, mostTensors: codec.mostTensors };
  } catch (thrown) {
    // The others are served all the same; whoever asks for this one is told.
    const refusal = GatewayError.from(thrown);
    const codec = (): never => {
      throw refusal;
    };
    return { ...entry, version, codec, mostTensors: 0 };
  }
}

/** @throws GatewayError like `Model.codec` */
export function describeModel({ service, version, codec }: Model): ModelMetadataResponse {
  const { inputs, outputs } = codec();
  return create(ModelMetadataResponseSchema, {
    name: service.alias,
    versions: version === "" ? [] : [version],
    platform: PLATFORM,
    inputs: inputs.map(asMetadata),
    outputs: outputs.map(asMetadata),
  });
}

function asMetadata({ name, datatype, shape }: TensorDescription): {
  name: string;
  datatype: string;
  shape: bigint[];
} {
  return { name, datatype, shape: [BigInt(shape)] };
}
