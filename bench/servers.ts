/** Everybody who is measured. A new peer is a new row here and a program in `peers/`. */
import { join } from "node:path";
import type { Target } from "./load/connection.js";

export interface ServerKind {
  /** In the names of cases. */
  readonly name: string;
  /** In a report. */
  readonly description: string;
  readonly protocols: readonly Target["protocol"][];
  readonly command: (setting: ServerSetting) => readonly [file: string, ...args: string[]];
  /** What the server prints, and how often, once it can answer. */
  readonly ready: (processes: number) => { readonly line: RegExp; readonly count: number };
  /** True for a peer, which needs the libraries of `peers/requirements.txt`. */
  readonly isPeer: boolean;
}

/** What a server is started with. */
export interface ServerSetting {
  /** Of the repository. */
  readonly root: string;
  readonly python: string;
  readonly artifact: string;
  /** JSON of a `PeerInterface`; the Python modules of the proto lie beside it. */
  readonly interfaceFile: string;
  readonly port: number;
  readonly managementPort: number;
  readonly processes: number;
  /** Folder for CPU profiles of the gateway; absent: none are made. */
  readonly profiles: string | undefined;
}

export const SERVERS: readonly ServerKind[] = [
  {
    name: "gateway",
    description: "artifact-gateway without a spare process, one log line a call to /dev/null",
    protocols: ["soap", "grpc"],
    command: (setting) => [
      process.execPath,
      ...(setting.profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${setting.profiles}`]),
      join(setting.root, "dist/src/cli/main.js"),
      "serve",
      setting.artifact,
      ...["--host", "127.0.0.1", "--port", String(setting.port)],
      ...["--management-port", String(setting.managementPort)],
      ...["--python", setting.python, "--processes", String(setting.processes)],
      // As many processes as the peers have.
      ...["--spare-processes", "0"],
    ],
    // The summary at the end of its start.
    ready: () => ({ line: /\/readyz$/, count: 1 }),
    isPeer: false,
  },
  {
    name: "grpcio",
    description: "grpcio's synchronous server, one for each process by SO_REUSEPORT",
    protocols: ["grpc"],
    command: peerCommand("grpc_server.py"),
    ready: readyLines,
    isPeer: true,
  },
  {
    name: "spyne",
    description: "spyne with lxml validation, served by granian",
    protocols: ["soap"],
    command: peerCommand("soap_server.py"),
    ready: readyLines,
    isPeer: true,
  },
];

function peerCommand(program: string): ServerKind["command"] {
  return ({ root, python, interfaceFile, artifact, port, processes }) => [
    python,
    // No bytecode beside the artifact: its digest is over every file.
    "-B",
    join(root, "bench/peers", program),
    ...["--interface", interfaceFile, "--artifact", artifact],
    ...["--port", String(port), "--processes", String(processes)],
  ];
}

/** `say_ready()` of `peers/common.py`, once for each process. */
function readyLines(processes: number): { line: RegExp; count: number } {
  return { line: /^ready$/, count: processes };
}
