/** Everybody who is measured. A new peer is a new row here and a program in `peers/`. */
import { join } from "node:path";
import type { Dialect } from "./calls/call.js";
import type { EnvironmentName } from "./python-environment.js";

/** What is compared: everybody who answers gRPC, and everybody who answers text over HTTP/1.1. */
export const GROUPS = ["grpc", "soap"] as const;

export type Group = (typeof GROUPS)[number];

export interface ServerKind {
  /** In the names of cases. */
  readonly name: string;
  /** In a report. */
  readonly description: string;
  /** `floor` answers the same bytes to everything: what a server of its kind would cost that did nothing. */
  readonly role: "gateway" | "peer" | "floor";
  /** The groups that it takes part in, and what it is asked in there. */
  readonly speaks: Readonly<Partial<Record<Group, Dialect>>>;
  /** Where its libraries are; absent: it needs none. */
  readonly environment?: EnvironmentName;
  readonly command: (setting: ServerSetting) => readonly [file: string, ...args: string[]];
  /** What the server prints, and how often, once it can answer. */
  readonly ready: (processes: number) => { readonly line: RegExp; readonly count: number };
}

/** What a server is started with. */
export interface ServerSetting {
  /** Of the repository. */
  readonly root: string;
  readonly python: string;
  readonly artifact: string;
  /** JSON of a `PeerInterface`; the Python modules of the proto lie beside it. */
  readonly interfaceFile: string;
  /** Files with the payload of a right answer, for the floors. */
  readonly answerFiles: Readonly<Record<Group, string>>;
  readonly port: number;
  readonly managementPort: number;
  readonly processes: number;
  /** Further processes of the gateway that wait to take the place of a lost one. */
  readonly spareProcesses: number;
  /** Calls that one process may run at a time. */
  readonly concurrency: number;
  /** Arguments of the gateway's own Node. */
  readonly nodeArguments: readonly string[];
  /** Further arguments of the gateway. */
  readonly gatewayArguments: readonly string[];
  /** Folder for CPU profiles of the gateway; absent: none are made. */
  readonly profiles: string | undefined;
}

export const SERVERS: readonly ServerKind[] = [
  {
    name: "gateway",
    description: "artifact-gateway without a spare process, one log line a call to /dev/null",
    role: "gateway",
    speaks: { soap: "soap", grpc: "grpc" },
    command: (setting) => [
      process.execPath,
      ...(setting.profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${setting.profiles}`]),
      ...setting.nodeArguments,
      join(setting.root, "dist/src/cli/main.js"),
      "serve",
      setting.artifact,
      ...["--host", "127.0.0.1", "--port", String(setting.port)],
      ...["--management-port", String(setting.managementPort)],
      ...["--python", setting.python, "--processes", String(setting.processes)],
      ...["--spare-processes", String(setting.spareProcesses)],
      ...setting.gatewayArguments,
    ],
    // The summary at the end of its start.
    ready: () => ({ line: /\/readyz$/, count: 1 }),
  },
  {
    name: "grpcio",
    description: "grpcio's synchronous server, one for each process by SO_REUSEPORT",
    role: "peer",
    speaks: { grpc: "grpc" },
    environment: "peers",
    command: peerCommand("grpc_server.py"),
    ready: readyLines,
  },
  {
    name: "grpcio-aio",
    description: "grpcio's asyncio server, one for each process by SO_REUSEPORT",
    role: "peer",
    speaks: { grpc: "grpc" },
    environment: "peers",
    command: peerCommand("grpc_aio_server.py"),
    ready: readyLines,
  },
  {
    name: "mlserver",
    description:
      "MLServer with parallel workers beside its own process, asked in the Open Inference Protocol, a tensor for each column",
    role: "peer",
    speaks: { grpc: "openInference" },
    environment: "mlserver",
    command: peerCommand("mlserver_server.py"),
    // Its own process loads the model too.
    ready: (processes) => ({ line: /Loaded model 'artifact' successfully/, count: processes + 1 }),
  },
  {
    name: "spyne",
    description: "spyne with lxml validation, served by granian",
    role: "peer",
    speaks: { soap: "soap" },
    environment: "peers",
    command: peerCommand("soap_server.py"),
    ready: readyLines,
  },
  {
    name: "soap-package",
    description:
      "the server of the npm package `soap`, in one Node process with `main()` in Python processes behind pipes; no validation, 64-bit integers and dates left as text",
    role: "peer",
    speaks: { soap: "soap" },
    environment: "peers",
    command: (setting) => {
      const [python, ...args] = peerCommand("pipe_main.py")(setting);
      return [
        process.execPath,
        join(setting.root, "dist/bench/peers/soap-package-server.js"),
        python,
        ...args,
      ];
    },
    ready: () => readyLines(1),
  },
  {
    name: "fastapi",
    description: "FastAPI with orjson on uvicorn (uvloop, httptools), **asked in JSON**, no validation",
    role: "peer",
    speaks: { soap: "json" },
    environment: "peers",
    command: peerCommand("fastapi_server.py"),
    ready: readyLines,
  },
  {
    name: "bentoml",
    description: "BentoML, **asked in JSON**",
    role: "peer",
    speaks: { soap: "json" },
    environment: "bentoml",
    command: peerCommand("bentoml_server.py"),
    ready: readyLines,
  },
  {
    name: "node-http2",
    description: "floor: node:http2 in one process, reads the request and answers constant bytes",
    role: "floor",
    speaks: { grpc: "grpc" },
    command: floorCommand("http2-floor.js", "grpc"),
    ready: () => readyLines(1),
  },
  {
    name: "node-http1",
    description: "floor: node:http in one process, reads the request and answers constant bytes",
    role: "floor",
    speaks: { soap: "soap" },
    command: floorCommand("http1-floor.js", "soap"),
    ready: () => readyLines(1),
  },
];

function peerCommand(program: string): ServerKind["command"] {
  return (setting) => [
    setting.python,
    // No bytecode beside the artifact: its digest is over every file.
    "-B",
    join(setting.root, "bench/peers", program),
    ...["--interface", setting.interfaceFile, "--artifact", setting.artifact],
    ...["--port", String(setting.port), "--management-port", String(setting.managementPort)],
    ...["--processes", String(setting.processes), "--concurrency", String(setting.concurrency)],
  ];
}

function floorCommand(program: string, group: Group): ServerKind["command"] {
  return ({ root, port, answerFiles }) => [
    process.execPath,
    join(root, "dist/bench/floors", program),
    String(port),
    answerFiles[group],
  ];
}

/** `say_ready()` of `peers/common.py`, once for each process. */
function readyLines(processes: number): { line: RegExp; count: number } {
  return { line: /^ready$/, count: processes };
}
