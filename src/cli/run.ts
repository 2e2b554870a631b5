/** `run`: one call of `main()` without a server, through the same checks as any other call. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { parseStrictJson } from "../strict-json.js";
import { invalidInput } from "../call/check-inputs.js";
import { loadConfig, type Flags } from "../config.js";
import { GatewayError, Refusal, type Violation } from "../errors.js";
import { contractOne, readLocks, variantIn } from "../contracted.js";
import { serveArtifact } from "../serve-artifact.js";
import { structFromJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { deadlineFor } from "../limits.js";
import { createLog, createLogObserver } from "../ops/logger.js";
import { requestIdFrom } from "../request-id.js";
import { showProgress } from "./progress.js";
import { withArtifact } from "./with-artifact.js";
import { printOut } from "./print-out.js";

interface RunFlags extends Flags {
  readonly config?: string;
  readonly input: string;
}

export async function run(path: string, { config: configFile, input, ...flags }: RunFlags): Promise<void> {
  const config = loadConfig({ ...flags, processes: "1", spareProcesses: "0" }, configFile);
  const locks = readLocks(config);
  const bytes = await readInput(input);
  const json = parseStrictJson(bytes, input);
  // Standard output is for the answer alone.
  const log = createLog({ level: config.logLevel === "info" ? "warn" : config.logLevel, descriptor: 2 });
  await withArtifact(
    path,
    async (artifact) => {
      const done = showProgress("starting Python");
      const contracted = contractOne(artifact, locks, config.frozen);
      const { service, pool, call } = serveArtifact(contracted, config, createLogObserver(log));
      const onExit = (): void => pool.killAll();
      process.on("exit", onExit);
      try {
        await pool.started;
        done();
        const text = await call(
          {
            requestId: requestIdFrom(undefined),
            protocol: "run",
            deadlineAt: deadlineFor(undefined, config),
            bytesIn: bytes.length,
          },
          {
            decode() {
              const violations: Violation[] = [];
              const inputs = structFromJson(service.operation.request, json, "", violations);
              if (violations.length > 0) throw invalidInput(violations, config.maxViolations);
              return inputs;
            },
            encode: (result) => encodeJson(result, "  "),
          },
        );
        await printOut(`${text}\n`);
      } catch (error) {
        throw error instanceof GatewayError ? refusalOf(error, path, input) : error;
      } finally {
        done();
        await pool.drain(0);
        process.off("exit", onExit);
        await log.close();
      }
    },
    variantIn(locks),
  );
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

/** A wrong input is the user's to correct; everything else speaks of the artifact, with its traceback. */
function refusalOf(error: GatewayError, path: string, input: string): Refusal {
  if (error.code === "invalid_input") {
    const remedy = "Correct the input.";
    const problems = error.violations.map((violation) => ({ where: input, ...violation, remedy }));
    return new Refusal("usage", problems);
  }
  const { cause } = error;
  const detail = cause instanceof Error ? `\n${cause.message.trimEnd()}\n` : "";
  const remedy = error.code === "internal" ? "" : "Correct the artifact or its environment.";
  return new Refusal("artifact", [{ where: path, path: "", message: `${error.message}${detail}`, remedy }]);
}
