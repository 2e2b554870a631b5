/** Makes everything that a workload's servers and the load generator need, before anything is measured. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openArtifact } from "../src/artifact/open-artifact.js";
import { readArtifact } from "../src/artifact/read-artifact.js";
import { parseStrictJson } from "../src/strict-json.js";
import { contractFiles } from "../src/contract-files.js";
import type { Service } from "../src/contract/model.js";
import type { Violation } from "../src/errors.js";
import { contractOf } from "../src/gateway.js";
import { structFromJson } from "../src/json/decode.js";
import type { Struct } from "../src/values.js";
import { peerInterface } from "./interface.js";
import type { Target } from "./load/connection.js";
import { grpcCall, soapCall, type Call } from "./requests.js";
import type { Workload } from "./workloads.js";

export interface PreparedWorkload {
  readonly workload: Workload;
  readonly calls: Readonly<Record<Target["protocol"], Call>>;
  /** Absolute path of the artifact. */
  readonly artifact: string;
  readonly interfaceFile: string;
}

/**
 * @param folder an empty one, for the interface file and the generated code
 * @param peerPython interpreter with grpcio-tools; absent when no peer runs
 * @throws Error or Refusal when the artifact or its input is not what it should be
 */
export async function prepareWorkload(
  workload: Workload,
  benchFolder: string,
  folder: string,
  peerPython: string | undefined,
): Promise<PreparedWorkload> {
  const artifact = resolve(benchFolder, workload.artifact);
  const opened = await openArtifact(artifact);
  const service = contractOf(await readArtifact(opened));
  await opened.close();
  const inputs = readInputs(service, resolve(benchFolder, workload.input));
  const interfaceFile = join(folder, "interface.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(interfaceFile, JSON.stringify(peerInterface(service)));
  if (peerPython !== undefined) compileProto(service, folder, peerPython);
  return {
    workload,
    calls: { soap: soapCall(service, inputs), grpc: grpcCall(service, inputs) },
    artifact,
    interfaceFile,
  };
}

function readInputs(service: Service, file: string): Struct {
  const violations: Violation[] = [];
  const json = parseStrictJson(readFileSync(file), file);
  const inputs = structFromJson(service.operation.request, json, "", violations);
  if (violations.length === 0) return inputs;
  throw new Error([file, ...violations.map(({ path, message }) => `${path}: ${message}`)].join("\n"));
}

/** Python modules of the proto that the gateway hands to its callers. */
function compileProto(service: Service, folder: string, python: string): void {
  const protos = contractFiles(service).filter(({ path }) => path.endsWith(".proto"));
  for (const { path, content } of protos) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const files = protos.map(({ path }) => path);
  const protoc = ["-m", "grpc_tools.protoc", "-I", "proto", "--python_out=.", ...files];
  execFileSync(python, protoc, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
}
