/** Makes everything that a workload's servers and the load generator need, before anything is measured. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openArtifact } from "../src/artifact/open-artifact.js";
import { readArtifact } from "../src/artifact/read-artifact.js";
import { contractFiles } from "../src/contract-files.js";
import type { Service } from "../src/contract/model.js";
import type { Violation } from "../src/errors.js";
import { contractOf } from "../src/contract-of.js";
import { structFromJson } from "../src/json/decode.js";
import { parseStrictJson } from "../src/strict-json.js";
import type { Struct } from "../src/values.js";
import { generateWsdl } from "../src/wsdl/generate-wsdl.js";
import { callMain } from "./bare-main.js";
import type { Call, Dialect, MainAnswer } from "./calls/call.js";
import { grpcCall } from "./calls/grpc-call.js";
import { jsonCall } from "./calls/json-call.js";
import { openInferenceCall } from "./calls/open-inference-call.js";
import { soapCall } from "./calls/soap-call.js";
import { peerInterface } from "./interface.js";
import { writeInput } from "./input.js";
import type { Group } from "./servers.js";
import type { Workload } from "./workloads.js";

export interface PreparedWorkload {
  readonly workload: Workload;
  /** The interpreter that ran `main()` for its answer. */
  readonly python: string;
  readonly calls: Readonly<Record<Dialect, Call>>;
  readonly service: Service;
  /** What is sent, as values. */
  readonly inputs: Struct;
  /** What `main()` itself answers. */
  readonly answer: MainAnswer;
  /** Absolute path of the artifact. */
  readonly artifact: string;
  readonly interfaceFile: string;
  /** The sample file that is sent. */
  readonly inputFile: string;
  readonly answerFiles: Readonly<Record<Group, string>>;
  /** Further arguments of the gateway for this workload. */
  readonly gatewayArguments: readonly string[];
}

/**
 * @param folder an empty one, for the artifact and what goes with it
 * @param python interpreter that can run the artifact
 * @param compiles the peers need Python modules of the proto, and `python` has grpcio-tools
 * @throws Error or Refusal when the artifact or its input is not what it should be
 */
export async function prepareWorkload(
  workload: Workload,
  benchFolder: string,
  folder: string,
  python: string,
  compiles: boolean,
): Promise<PreparedWorkload> {
  const artifact = join(folder, "artifact");
  mkdirSync(artifact, { recursive: true });
  for (const part of ["application", workload.artifact]) {
    cpSync(join(benchFolder, "artifacts", part), artifact, { recursive: true, filter: isSource });
  }
  if (workload.hasModel)
    runQuietly(python, [join(benchFolder, "fit_model.py"), join(artifact, "python_dict")]);

  const opened = await openArtifact(artifact);
  const service = contractOf(await readArtifact(opened));
  await opened.close();
  const interfaceFile = join(folder, "interface.json");
  writeFileSync(interfaceFile, JSON.stringify(peerInterface(service)));
  writeFileSync(join(folder, "service.wsdl"), generateWsdl(service, "http://127.0.0.1/", "1.1"));
  const inputFile = join(folder, "input.json");
  writeInput(join(benchFolder, "inputs", "application.json"), workload.rows, inputFile);
  const inputs = readInputs(service, inputFile);
  if (compiles) compileProto(service, folder, python);

  const { answer } = callMain(python, { benchFolder, artifact, interfaceFile, inputFile }, 0);
  const soap = soapCall(service, inputs);
  const grpc = grpcCall(service, inputs);
  const answerFiles = { soap: join(folder, "answer.soap"), grpc: join(folder, "answer.grpc") };
  writeFileSync(answerFiles.soap, soap.answerBytes(answer));
  writeFileSync(answerFiles.grpc, grpc.answerBytes(answer));
  const openInference = openInferenceCall(service, inputs, benchFolder);
  const calls = { soap, grpc, openInference, json: jsonCall(readFileSync(inputFile)) };
  const gatewayArguments = gatewaySettings(workload, folder);
  return {
    ...{ workload, python, service, inputs, calls, answer, artifact, interfaceFile, inputFile, answerFiles },
    gatewayArguments,
  };
}

/** What the gateway has to be told of the workload, in a file of settings. */
function gatewaySettings({ concurrency }: Workload, folder: string): readonly string[] {
  if (concurrency === 1) return [];
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, `concurrency: ${concurrency}\n`);
  return ["--config", file];
}

/** Bytecode that Python left beside an artifact of the repository is not part of it. */
function isSource(path: string): boolean {
  return !path.includes("__pycache__");
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
  runQuietly(python, ["-m", "grpc_tools.protoc", "-I", "proto", "--python_out=.", ...files], folder);
}

function runQuietly(python: string, args: readonly string[], cwd?: string): void {
  execFileSync(python, ["-B", ...args], { cwd, stdio: ["ignore", "inherit", "inherit"] });
}
