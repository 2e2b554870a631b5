/** Code for callers from the protos: protoc of Maven Central, and that of grpcio-tools for Python. */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PROTO_ROOT, protosOfCorpus } from "./corpus.js";
import { emptyFolder, runTool } from "./run-tool.js";
import { commandOf, readTools } from "./tools.js";

const { protoc, protocGenGrpcJava, protocGenGo, protocGenGoGrpc, grpcJava, clientPython } = readTools();

/** The import path of the Go module in `go/`. */
const GO_MODULE = "interop";

/** Proto files by their paths below a root. */
export interface Protos {
  readonly root: string;
  readonly files: readonly string[];
}

/** Every proto of the corpus. */
const ofCorpus = (): Protos => ({ root: PROTO_ROOT, files: protosOfCorpus() });

/** Generates Java for every proto below `out`; @returns what protoc said */
export async function generateJava(out: string, protos = ofCorpus()): Promise<string> {
  const plugin = `--plugin=protoc-gen-grpc-java=${commandOf(protocGenGrpcJava)}`;
  return runProtoc(protos, [plugin, `--java_out=${out}`, `--grpc-java_out=${out}`]);
}

/**
 * Generates Go for every proto into a module; the files say nothing of Go, so the command line gives each its package.
 * @returns what protoc said
 */
export async function generateGo(module: string, protos = ofCorpus()): Promise<string> {
  const packages = protos.files.flatMap((proto) => {
    const mapping = `M${proto}=${GO_MODULE}/gen/${dirname(proto)}`;
    return [`--go_opt=${mapping}`, `--go-grpc_opt=${mapping}`];
  });
  const plugins = [`--plugin=${commandOf(protocGenGo)}`, `--plugin=${commandOf(protocGenGoGrpc)}`];
  const out = [`--go_out=${module}`, `--go-grpc_out=${module}`];
  const within = [`--go_opt=module=${GO_MODULE}`, `--go-grpc_opt=module=${GO_MODULE}`];
  return runProtoc(protos, [...plugins, ...out, ...within, ...packages]);
}

/** Generates Python, with type stubs, for every proto below `out`; @returns what protoc said */
export async function generatePython(out: string, { root, files } = ofCorpus()): Promise<string> {
  const args = [`--python_out=${out}`, `--pyi_out=${out}`, `--grpc_python_out=${out}`];
  return runTool(clientPython, ["-m", "grpc_tools.protoc", "-I", root, ...args, ...files]);
}

/** The modules that `generatePython` writes, as Python imports them. */
export function pythonModules(): readonly string[] {
  return protosOfCorpus().flatMap((proto) => {
    const name = proto.replace(/\.proto$/, "").replaceAll("/", ".");
    return [`${name}_pb2`, `${name}_pb2_grpc`];
  });
}

async function runProtoc({ root, files }: Protos, args: readonly string[]): Promise<string> {
  const standard = await standardProtos();
  return runTool(commandOf(protoc), ["-I", root, "-I", standard, ...args, ...files]);
}

/** The protos of protobuf itself: Maven has them in the jar, not beside the program. */
async function standardProtos(): Promise<string> {
  // Test files run side by side: each has a folder of its own.
  const folder = emptyFolder(`standard-protos-${basename(process.argv[1] ?? "", ".test.js")}`);
  const jar = commandOf(grpcJava)
    .split(":")
    .find((path) => /\/protobuf-java-\d[^/]*\.jar$/.test(path));
  await runTool("jar", ["--extract", "--file", jar ?? "protobuf-java", "google/protobuf"], folder);
  return folder;
}

/** Every file with an ending below a folder. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
