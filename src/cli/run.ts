/** `run`: the artifact, one component of it, or several one after another, without a server. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { chooseComponents } from "../components/choose-component.js";
import { contractComponent } from "../components/contract-component.js";
import { readComponents } from "../components/read-components.js";
import { loadConfig, type Flags } from "../config.js";
import { contractOne, readLocks, variantIn } from "../contracted.js";
import { Refusal } from "../errors.js";
import { structFromJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { createLog, createLogObserver } from "../ops/logger.js";
import { parseStrictJson, type JsonValue } from "../strict-json.js";
import type { Contracted } from "../serve-artifact.js";
import { callOnce, ofComponent, type OneCall } from "./call-once.js";
import { printOut } from "./print-out.js";
import { runComponents, type Choice } from "./run-components.js";
import { withArtifact } from "./with-artifact.js";

interface RunFlags extends Flags {
  readonly config?: string;
  readonly input: string;
  readonly only?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

export async function run(path: string, flags: RunFlags): Promise<void> {
  const { config: configFile, input, only, include, exclude, ...settings } = flags;
  const config = loadConfig({ ...settings, processes: "1", spareProcesses: "0" }, configFile);
  const locks = readLocks(config);
  const bytes = await readInput(input);
  const json = parseStrictJson(bytes, input);
  // Standard output is for the answer alone.
  const log = createLog({ level: config.logLevel === "info" ? "warn" : config.logLevel, descriptor: 2 });
  const observer = createLogObserver(log);
  const call: OneCall = { config, observer, names: { artifact: path, input }, bytesIn: bytes.length };
  try {
    await withArtifact(
      path,
      async (artifact) => {
        const contracted = contractOne(artifact, locks, config.frozen);
        await printOut(`${await answerOf(contracted, { only, include, exclude }, json, call)}\n`);
      },
      variantIn(locks),
    );
  } finally {
    await log.close();
  }
}

/** What of the artifact is run; nothing stated: the whole. */
interface Part extends Choice {
  readonly only: string | undefined;
}

async function answerOf(
  whole: Contracted,
  { only, include, exclude }: Part,
  json: JsonValue,
  call: OneCall,
): Promise<string> {
  if (include !== undefined || exclude !== undefined) {
    return runComponents(whole, { include, exclude }, json, call);
  }
  if (only === undefined) return callWith(whole, json, call);
  const all = await readComponents(whole.artifact);
  const [component] = chooseComponents(all, [only]);
  if (component === undefined) return callWith(whole, json, call);
  const contracted = await contractComponent(whole.artifact, whole.main, component, all);
  return callWith(contracted, json, ofComponent(call, component.ref));
}

async function callWith(contracted: Contracted, json: JsonValue, call: OneCall): Promise<string> {
  const { request } = contracted.service.operation;
  const answer = await callOnce(contracted, call, (violations) =>
    structFromJson(request, json, "", violations),
  );
  return encodeJson(answer, "  ");
}

async function readInput(input: string): Promise<Uint8Array> {
  if (input === "-") return buffer(process.stdin);
  try {
    return await readFile(input);
  } catch {
    const message = "The file cannot be read.";
    throw new Refusal("usage", [{ where: input, path: "", message, remedy: "Check the path." }]);
  }
}
