/** `inference.GRPCInferenceService` on grpc-js: the six calls of the Open Inference Protocol. */
import { create } from "@bufbuild/protobuf";
import { Metadata } from "@grpc/grpc-js";
import type { handleUnaryCall, sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import type { Offload } from "../call/offload.js";
import { GatewayError } from "../errors.js";
import { onlyText, remainingMs, watchCaller } from "../grpc/caller-watch.js";
import { readCaller } from "../grpc/forwarded-caller.js";
import type { BesideService } from "../grpc/server.js";
import { bytesMethod, standardDefinition } from "../grpc/service-definition.js";
import { errorStatus } from "../grpc/status.js";
import type { Limits } from "../limits.js";
import {
  GRPCInferenceService,
  ModelReadyResponseSchema,
  ServerLiveResponseSchema,
  ServerMetadataResponseSchema,
  ServerReadyResponseSchema,
  type ModelMetadataRequest,
  type ModelMetadataResponse,
  type ModelReadyRequest,
  type ModelReadyResponse,
  type ServerLiveRequest,
  type ServerLiveResponse,
  type ServerMetadataRequest,
  type ServerMetadataResponse,
  type ServerReadyRequest,
  type ServerReadyResponse,
} from "../proto/gen/inference/grpc_predict_v2_pb.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { readInferRequest, type InferRequest } from "./infer-request.js";
import { infer } from "./infer.js";
import { createModels, describeModel, type ModelEntry } from "./models.js";

export interface InferenceOptions {
  readonly entries: readonly ModelEntry[];
  readonly limits: Limits;
  /** Takes large messages off the event loop. */
  readonly offload: Offload;
  readonly gatewayVersion: string;
  /** Whether every model is ready, and the gateway does not stop. */
  readonly isReady: () => boolean;
}

const SERVER_NAME = "artifact-gateway";
/** Of Triton's extensions: `timeout` and `priority` as parameters of a request. */
const EXTENSIONS = ["schedule_policy"];

/** The service, its models and how they are called. */
export function createInferenceService(options: InferenceOptions): BesideService {
  const { entries, limits, offload, gatewayVersion } = options;
  const models = createModels(entries);

  const serverLive: handleUnaryCall<ServerLiveRequest, ServerLiveResponse> = (rpc, callback) =>
    answer(rpc, callback, () => create(ServerLiveResponseSchema, { live: true }));

  const serverReady: handleUnaryCall<ServerReadyRequest, ServerReadyResponse> = (rpc, callback) =>
    answer(rpc, callback, () => create(ServerReadyResponseSchema, { ready: options.isReady() }));

  const serverMetadata: handleUnaryCall<ServerMetadataRequest, ServerMetadataResponse> = (rpc, callback) =>
    answer(rpc, callback, () =>
      create(ServerMetadataResponseSchema, {
        name: SERVER_NAME,
        version: gatewayVersion,
        extensions: EXTENSIONS,
      }),
    );

  const modelReady: handleUnaryCall<ModelReadyRequest, ModelReadyResponse> = (rpc, callback) =>
    answer(rpc, callback, ({ name, version }) => {
      const model = models.find(name, version);
      model.codec();
      return create(ModelReadyResponseSchema, { ready: model.isReady() });
    });

  const modelMetadata: handleUnaryCall<ModelMetadataRequest, ModelMetadataResponse> = (rpc, callback) =>
    answer(rpc, callback, ({ name, version }) => describeModel(models.find(name, version)));

  const modelInfer: handleUnaryCall<Uint8Array, Uint8Array> = (rpc, callback) => {
    let head: InferRequest | GatewayError;
    try {
      head = readInferRequest(rpc.request, models.mostTensors);
    } catch (thrown) {
      head = GatewayError.from(thrown);
    }
    const watch = watchCaller(rpc);
    const work = async (message: Uint8Array, requestId: string): Promise<Uint8Array> => {
      if (head instanceof GatewayError) throw head;
      const model = models.find(head.modelName, head.modelVersion);
      const inference = {
        message,
        request: head,
        model,
        requestId,
        remainingMs: remainingMs(rpc),
        signal: watch.signal,
        caller: readCaller(rpc),
        priority: onlyText(rpc, PRIORITY_HEADER),
      };
      return infer(inference, { limits, offload });
    };
    const id = head instanceof GatewayError || head.id === "" ? undefined : head.id;
    answer(rpc, callback, work, { id, answered: () => watch.answered() });
  };

  /** Answers one call, whatever its work does: grpc-js does not wait for a handler, nor hear of its rejection. */
  function answer<Request, Reply>(
    rpc: ServerUnaryCall<Request, Reply>,
    callback: sendUnaryData<Reply>,
    work: (request: Request, requestId: string) => Reply | Promise<Reply>,
    { id, answered = () => undefined }: { id?: string | undefined; answered?: () => void } = {},
  ): void {
    const requestId = requestIdFrom(onlyText(rpc, REQUEST_ID_HEADER) ?? id);
    const run = async (): Promise<void> => {
      try {
        const reply = await work(rpc.request, requestId);
        answered();
        const headers = new Metadata();
        headers.set(REQUEST_ID_HEADER, requestId);
        rpc.sendMetadata(headers);
        callback(null, reply);
      } catch (thrown) {
        answered();
        const { maxViolations } = limits;
        const context = { service: GRPCInferenceService.typeName, requestId, maxViolations };
        const { code, details, trailers } = errorStatus(GatewayError.from(thrown), context);
        const metadata = new Metadata();
        for (const [name, value] of trailers) metadata.set(name, value);
        callback({ code, details, metadata });
      }
    };
    void run();
  }

  const definition = standardDefinition(GRPCInferenceService);
  return {
    service: GRPCInferenceService,
    // Its messages are read within the call path, in bounds that protobuf-es does not know.
    definition: { ...definition, ModelInfer: bytesMethod(GRPCInferenceService, "ModelInfer") },
    implementation: {
      ServerLive: serverLive,
      ServerReady: serverReady,
      ServerMetadata: serverMetadata,
      ModelReady: modelReady,
      ModelMetadata: modelMetadata,
      ModelInfer: modelInfer,
    },
  };
}
