/** What server reflection answers (grpc/proto reflection.proto), from the exact descriptors of what is served. */
import { create, createFileRegistry, toBinary } from "@bufbuild/protobuf";
import type { DescFile, DescService, FileRegistry, MessageInitShape } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_duration,
} from "@bufbuild/protobuf/wkt";
import { status as Status } from "@grpc/grpc-js";
import type { Service } from "../contract/model.js";
import { buildDescriptorSet } from "../proto/descriptor.js";
import { Health, file_grpc_health_v1_health } from "../proto/gen/grpc/health/v1/health_pb.js";
import { file_google_rpc_error_details } from "../proto/gen/google/rpc/error_details_pb.js";
import {
  ServerReflection,
  ServerReflectionResponseSchema,
  file_grpc_reflection_v1_reflection,
} from "../proto/gen/grpc/reflection/v1/reflection_pb.js";
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../proto/gen/grpc/reflection/v1/reflection_pb.js";
import {
  ServerReflection as ServerReflectionAlpha,
  file_grpc_reflection_v1alpha_reflection,
} from "../proto/gen/grpc/reflection/v1alpha/reflection_pb.js";
import { serviceFullName } from "./service-definition.js";
import { symbolsIn } from "./symbols.js";

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>["messageResponse"]>;

/**
 * Answers single reflection requests over these services, health and reflection itself.
 * @param beside standard services that are served beside them
 */
export function compileReflection(
  services: readonly Service[],
  beside: readonly DescService[] = [],
): (request: ServerReflectionRequest) => ServerReflectionResponse {
  const catalogue = createCatalogue(services, beside);
  const own = [...services.map(serviceFullName), ...beside.map(({ typeName }) => typeName)];
  const names = [...own, Health.typeName, ServerReflection.typeName, ServerReflectionAlpha.typeName].sort();
  return (request) =>
    create(ServerReflectionResponseSchema, {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answer(request.messageRequest, catalogue, names),
    });
}

/** Files of the services that stand beside the generated ones, and of the details that an error of a stream can have. */
const STANDARD_FILES = [
  file_grpc_health_v1_health,
  file_grpc_reflection_v1_reflection,
  file_grpc_reflection_v1alpha_reflection,
  file_google_protobuf_duration,
  file_google_rpc_error_details,
].map(({ proto }) => proto);

/** Everything that can be asked for. */
interface Catalogue {
  readonly registry: FileRegistry;
  /** Each file with the bytes of its descriptor and of all that it imports, so that one answer is enough to use it. */
  readonly filesWithImports: ReadonlyMap<string, readonly Uint8Array[]>;
  /** The names of everything that is declared, with the names of the files. */
  readonly symbols: ReadonlyMap<string, string>;
}

/** Written once: a caller may ask as often as it likes. */
function createCatalogue(services: readonly Service[], beside: readonly DescService[]): Catalogue {
  // Services share their imports: each file once, and imports before the files that need them.
  const besides = beside.map(({ file: { proto } }) => proto);
  const all = [
    ...STANDARD_FILES,
    ...besides,
    ...services.flatMap((service) => buildDescriptorSet(service).file),
  ];
  const file = [...new Map(all.map((proto) => [proto.name, proto])).values()];
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const bytes = new Map(file.map((proto) => [proto.name, toBinary(FileDescriptorProtoSchema, proto)]));
  const filesWithImports = new Map(
    [...registry.files].map((desc) => [
      desc.proto.name,
      [...closureOf(desc)].flatMap(({ proto }) => bytes.get(proto.name) ?? []),
    ]),
  );
  return { registry, filesWithImports, symbols: symbolsIn(file) };
}

/** A file and all that it imports, the file first. */
function closureOf(file: DescFile): ReadonlySet<DescFile> {
  const closure = new Set<DescFile>();
  const visit = (next: DescFile): void => {
    if (closure.has(next)) return;
    closure.add(next);
    next.dependencies.forEach(visit);
  };
  visit(file);
  return closure;
}

function answer(
  asked: ServerReflectionRequest["messageRequest"],
  { registry, filesWithImports, symbols }: Catalogue,
  names: readonly string[],
): Answer {
  switch (asked.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } };
    case "fileByFilename":
      return fileAnswer(filesWithImports.get(asked.value));
    case "fileContainingSymbol":
      return fileAnswer(filesWithImports.get(symbols.get(asked.value) ?? ""));
    case "allExtensionNumbersOfType":
      return registry.getMessage(asked.value) === undefined
        ? errorAnswer(Status.NOT_FOUND, "This server has no such message.")
        : extensionsAnswer(asked.value);
    case "fileContainingExtension":
      return errorAnswer(Status.NOT_FOUND, "This server has no extensions.");
    case undefined:
      return errorAnswer(Status.INVALID_ARGUMENT, "The request asks for nothing.");
  }
}

function extensionsAnswer(baseTypeName: string): Answer {
  return {
    case: "allExtensionNumbersResponse",
    value: { baseTypeName, extensionNumber: [] },
  };
}

function errorAnswer(errorCode: Status, errorMessage: string): Answer {
  return {
    case: "errorResponse",
    value: { errorCode, errorMessage },
  };
}

function fileAnswer(files: readonly Uint8Array[] | undefined): Answer {
  if (files === undefined) return errorAnswer(Status.NOT_FOUND, "This server has no such file or symbol.");
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: [...files] } };
}
