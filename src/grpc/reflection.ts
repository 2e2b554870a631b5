/**
 * Server reflection under both of its names, v1 and v1alpha. An own one: the published package rebuilds descriptors
 * with losses (imports, maps, presence), and strict clients then find no service.
 */
import type { DescService } from "@bufbuild/protobuf";
import type { ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Service } from "../contract/model.js";
import { ServerReflection } from "../proto/gen/grpc/reflection/v1/reflection_pb.js";
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../proto/gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as ServerReflectionAlpha } from "../proto/gen/grpc/reflection/v1alpha/reflection_pb.js";
import { compileReflection } from "./reflection-answers.js";
import { standardDefinition } from "./service-definition.js";

type ReflectionStream = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;

export interface ReflectionFace {
  readonly definitions: readonly ServiceDefinition[];
  readonly implementation: UntypedServiceImplementation;
  /** Ends every open stream, and from now on every new one, with OK. */
  endStreams(): void;
}

/**
 * Reflection over these services, health and reflection itself.
 * @param beside standard services that are served beside them
 */
export function createReflection(
  services: readonly Service[],
  beside: readonly DescService[] = [],
): ReflectionFace {
  const respond = compileReflection(services, beside);
  const open = new Set<ReflectionStream>();
  let ended = false;
  const serve = (stream: ReflectionStream): void => {
    if (ended) {
      stream.end();
      return;
    }
    open.add(stream);
    stream.on("cancelled", () => open.delete(stream));
    stream.on("end", () => stream.end());
    stream.on("data", (request: ServerReflectionRequest) => {
      if (!open.has(stream) || stream.write(respond(request))) return;
      // A caller who asks without reading would fill our memory with answers.
      stream.pause();
      stream.once("drain", () => stream.resume());
    });
  };
  return {
    definitions: [ServerReflection.typeName, ServerReflectionAlpha.typeName].map(definitionOf),
    implementation: { ServerReflectionInfo: serve },
    endStreams() {
      ended = true;
      for (const stream of open) stream.end();
      open.clear();
    },
  };
}

/** The v1 service under one of its names: the messages of v1alpha are the same, number for number. */
function definitionOf(typeName: string): ServiceDefinition {
  const methods = Object.entries(standardDefinition(ServerReflection));
  return Object.fromEntries(
    methods.map(([name, method]) => [name, { ...method, path: `/${typeName}/${name}` }]),
  );
}
