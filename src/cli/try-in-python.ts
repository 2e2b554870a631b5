/** Runs samples through `main()` for `lock`: a Python process for each way of calling it, ended as soon as it has answered. */
import type { Artifact } from "../artifact/read-artifact.js";
import { compileInputsCheck } from "../call/check-inputs.js";
import { compileInputsEncoder } from "../call/encode-inputs.js";
import { readResult } from "../call/read-result.js";
import type { Config } from "../config.js";
import { limitRows } from "../contract/limit-rows.js";
import type { MainOptions } from "../contract/main-options.js";
import type { Service } from "../contract/model.js";
import { GatewayError, Refusal } from "../errors.js";
import type { Trial, TryMain } from "../lock/try-main.js";
import { maxInputBytes } from "../limits.js";
import { mainInterface } from "../main-interface.js";
import type { Observer } from "../observe.js";
import { createPool, type Pool } from "../pool/pool.js";
import type { PythonValue, Struct } from "../values.js";
import { describeNotData, describePlace, describePythonFailure } from "./python-failure.js";

export interface PythonTrials {
  readonly artifact: Pick<Artifact, "root">;
  /** The contract, not limited to what one of the dataset formats can hold. */
  readonly service: Service;
  readonly config: Pick<Config, "python" | "memoryLimitMb" | "maxMessageBytes" | "maxViolations">;
  /** Milliseconds that one process may take to import the artifact and answer every sample. */
  readonly limitMs: number;
}

/** The port of `findMainOptions`, with real processes. */
export function tryInPython(trials: PythonTrials): TryMain {
  const { artifact, service, config, limitMs } = trials;
  return async (options, samples) => {
    const deadlineAt = performance.now() + limitMs;
    const inputs: Uint8Array[] = [];
    const encode = encoderOf(limitRows(service, options), config.maxViolations);
    const refused = await eachInTurn(samples, artifact.root, (sample) => void inputs.push(encode(sample)));
    if (refused !== undefined) return refused;

    let failure = { detail: "", traceback: "" };
    const pool = startPool(
      trials,
      options,
      ({ detail, traceback = "" }) => (failure = { detail, traceback }),
    );
    const onExit = (): void => pool.killAll();
    process.on("exit", onExit);
    try {
      await pool.started;
      const results: PythonValue[] = [];
      const failed = await eachInTurn(inputs, artifact.root, async (one) => {
        results.push(readResult((await pool.dispatch(one, { requestId: "sample", deadlineAt })).result));
      });
      return failed ?? { outcome: "answered", results };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        outcome: "start_failed",
        reason: `${failure.detail}${describePlace(failure.traceback, artifact.root)}`,
      };
    } finally {
      await pool.drain(0);
      process.off("exit", onExit);
    }
  };
}

/** A sample as Python gets it. @throws GatewayError `invalid_input` when the way of calling has no room for it */
function encoderOf({ operation }: Service, maxViolations: number): (sample: Struct) => Uint8Array {
  const check = compileInputsCheck(operation.request, maxViolations);
  const encode = compileInputsEncoder(operation.request);
  return (sample) => encode(check(sample));
}

/** One step for each sample, until one fails. @returns how it failed; `undefined` when none did */
async function eachInTurn<T>(
  samples: readonly T[],
  root: string,
  step: (sample: T) => void | Promise<void>,
): Promise<Trial | undefined> {
  for (const [index, sample] of samples.entries()) {
    try {
      await step(sample);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { outcome: error.code, reason: `sample ${index + 1}: ${reasonOf(error, root)}` };
    }
  }
  return undefined;
}

function reasonOf({ code, message, cause }: GatewayError, root: string): string {
  const detail = cause instanceof Error ? cause.message : "";
  if (code === "artifact_error") return describePythonFailure(detail, root);
  return code === "output_invalid" ? describeNotData(detail) : message;
}

/** A pool of one process, which imports the artifact for itself. */
function startPool(
  { artifact, service, config, limitMs }: PythonTrials,
  options: MainOptions,
  processEnded: Observer["processEnded"],
): Pool {
  const { python, memoryLimitMb, maxMessageBytes } = config;
  return createPool({
    service: service.alias,
    root: artifact.root,
    interface: mainInterface(service, options),
    sample: undefined,
    python,
    memoryLimitMb,
    maxMessageBytes,
    startTimeoutMs: limitMs,
    startMethod: "import",
    processes: 1,
    spareProcesses: 0,
    concurrency: undefined,
    nativeThreads: 1,
    pinToCpu: false,
    stopCancelled: false,
    recycleAfterCalls: 0,
    recycleAboveMb: 0,
    batchRows: 0,
    batchDelayUs: 0,
    maxQueued: 1,
    maxQueuedBytes: maxInputBytes(config),
    observer: { ...NOBODY, processEnded },
  });
}

const ignore = (): void => undefined;

/** What the artifact prints and how it fares concerns nobody here but its end. */
const NOBODY: Observer = {
  defect: ignore,
  callFinished: ignore,
  tls: ignore,
  startMethodChosen: ignore,
  processStarted: ignore,
  processReady: ignore,
  processEnded: ignore,
  artifactOutput: ignore,
};
