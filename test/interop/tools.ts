/** The foreign clients of this machine, as `scripts/prepare-interop.mjs` found or made them. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { repository } from "../support/served-example.js";

const optional = z.union([z.object({ path: z.string() }), z.object({ missing: z.string() })]);

const TOOLS = z.object({
  /** The Python with what `requirements.txt` of this folder lists. */
  clientPython: z.string(),
  /** The Python with the libraries of `default_risk`. */
  modelPython: z.string(),
  /** The Python with what `inference-requirements.txt` of this folder lists: it needs another protobuf than the first. */
  inferencePython: z.string(),
  grpcurl: optional,
  grpcui: optional,
  grpcHealthProbe: optional,
  ghz: optional,
  h2spec: optional,
  go: optional,
  protocGenGo: optional,
  protocGenGoGrpc: optional,
  php: optional,
  curl: optional,
  xmllint: optional,
  /** The browser that looks at the page. */
  chromium: optional,
  /** Class paths, as Java takes them. */
  cxf: optional,
  jaxws: optional,
  grpcJava: optional,
  openapiGenerator: optional,
  openapiClient: optional,
  protoc: optional,
  protocGenGrpcJava: optional,
});

export type OptionalTool = z.output<typeof optional>;

const FILE = repository(".cache/interop/tools.json");

/** @throws Error when nothing is prepared */
export function readTools(): z.output<typeof TOOLS> {
  if (!existsSync(FILE)) throw new Error(`${FILE} is missing: run npm run test:interop.`);
  return TOOLS.parse(JSON.parse(readFileSync(FILE, "utf8")));
}

/** For `test(name, { skip })`: the reason why an optional tool is not there, or false. */
export function skipWithout(tool: OptionalTool): string | false {
  return "missing" in tool ? tool.missing : false;
}

/** The command of an optional tool, for tests that `skipWithout` lets run. */
export function commandOf(tool: OptionalTool): string {
  if ("missing" in tool) throw new Error(tool.missing);
  return tool.path;
}
