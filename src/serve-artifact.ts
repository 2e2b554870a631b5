/** An artifact with its contract, its pool and its call path, without a port. */
import type { Artifact } from "./artifact/read-artifact.js";
import { createAdmission } from "./call/admission.js";
import { createCallHandler } from "./call/handle-call.js";
import type { CallHandler } from "./call/call.js";
import { createTurns, type Turns } from "./call/turns.js";
import type { Config } from "./config.js";
import type { MainOptions } from "./contract/main-options.js";
import type { Service } from "./contract/model.js";
import { mainInterface } from "./main-interface.js";
import type { Observer } from "./observe.js";
import type { PoolOptions } from "./pool/pool-options.js";
import { createPool, type Pool } from "./pool/pool.js";
import { planSizes, readResources } from "./sizing.js";
import { readSampleInputs } from "./sample-inputs.js";

/** An artifact with the contract under which it is served. */
export interface Contracted {
  readonly artifact: Artifact;
  readonly service: Service;
  /** How `main()` is called. */
  readonly main: MainOptions;
  /** Where that `main()` is, as in `MainInterface`; absent: in `python_dict`. */
  readonly module?: string;
  /** How many compatible changes the artifact has brought that its lock does not promise. */
  readonly beyondLock: number;
}

/** One artifact, served. */
export interface Served extends Contracted {
  readonly pool: Pool;
  readonly call: CallHandler;
}

/**
 * An artifact with its contract, its pool and its call path, without a port.
 * @param turns those of all artifacts that are served in this thread
 */
export function serveArtifact(
  contracted: Contracted,
  config: Config,
  observer: Observer,
  turns: Turns = createTurns(),
): Served {
  const { artifact, service, main, module } = contracted;
  const pool = createPool({
    service: service.alias,
    root: artifact.root,
    interface: { ...mainInterface(service, main), ...(module === undefined ? {} : { module }) },
    sample: config.sample === undefined ? undefined : readSampleInputs(config.sample, service),
    nativeThreads: planSizes({ ...readResources(), processes: config.processes }).nativeThreads,
    observer,
    ...poolSettings(config),
  });
  const { maxQueued, maxQueuedBytes, maxQueueWaitMs, trustUrgency } = config;
  const { slots, backlog, serviceTime } = pool;
  // What runs may have as many bytes as what waits.
  const bounds = { maxQueued, maxBytes: 2 * maxQueuedBytes, maxQueueWaitMs };
  const admit = createAdmission({ slots, backlog, serviceTime, ...bounds });
  const call = createCallHandler({
    service,
    admit,
    turns,
    dispatcher: pool,
    limits: config,
    trustUrgency,
    observer,
  });
  return { ...contracted, pool, call };
}

function poolSettings(
  config: Config,
): Omit<PoolOptions, "service" | "root" | "interface" | "observer" | "sample" | "nativeThreads"> {
  const { python, processes, spareProcesses, startMethod, concurrency, maxMessageBytes, startTimeoutMs } =
    config;
  const { maxQueued, maxQueuedBytes } = config;
  const { memoryLimitMb, pinToCpu, stopCancelled, recycleAfterCalls, recycleAboveMb } = config;
  const { batchRows, batchDelayUs } = config;
  return {
    python,
    processes,
    spareProcesses,
    startMethod,
    concurrency,
    maxMessageBytes,
    maxQueued,
    maxQueuedBytes,
    startTimeoutMs,
    memoryLimitMb,
    pinToCpu,
    stopCancelled,
    recycleAfterCalls,
    recycleAboveMb,
    batchRows,
    batchDelayUs,
  };
}
