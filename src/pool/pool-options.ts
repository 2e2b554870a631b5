/** What a pool is made of, and the part of it that the Python host is told. */
import { maxInputBytes } from "../limits.js";
import type { Observer } from "../observe.js";
import type { HostSetup, MainInterface, StartMethod } from "./host-messages.js";
import type { PrivateFolder } from "./private-folder.js";

export interface PoolOptions {
  readonly service: string;
  /** Directory that holds `python_dict/`. */
  readonly root: string;
  readonly interface: MainInterface;
  /** The interpreter, by path or by name. */
  readonly python: string;
  /** Processes that run calls. */
  readonly processes: number;
  /** Processes beyond these that have loaded the artifact and wait to take the place of one that is lost. */
  readonly spareProcesses: number;
  readonly startMethod: StartMethod;
  /** Calls that run at once in one process, if the deployer has said so. */
  readonly concurrency: number | undefined;
  /** Pickled inputs of a call that every process, or the one they are forked from, is tried with before the first. */
  readonly sample: Uint8Array | undefined;
  /** Largest pickled result; inputs may have `maxInputBytes`. */
  readonly maxMessageBytes: number;
  /** Most calls, and bytes of their inputs, that wait. */
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly startTimeoutMs: number;
  /** Threads that numerical libraries may use in one process. */
  readonly nativeThreads: number;
  readonly memoryLimitMb: number | undefined;
  readonly pinToCpu: boolean;
  readonly stopCancelled: boolean;
  /** Calls, and resident megabytes, after which a process is replaced in good order; 0: never. */
  readonly recycleAfterCalls: number;
  readonly recycleAboveMb: number;
  /** Most rows of the calls that are joined into one, and how long the first of them may wait; 0 rows: none are. */
  readonly batchRows: number;
  readonly batchDelayUs: number;
  readonly observer: Observer;
}

/** What the supervisor is told at its start. */
export function setupOf(options: PoolOptions, folder: PrivateFolder): HostSetup {
  const { sample } = options;
  return {
    root: options.root,
    interface: options.interface,
    startMethod: options.startMethod,
    sample: sample === undefined ? null : Buffer.from(sample).toString("base64"),
    concurrency: options.concurrency ?? null,
    maxRequestBytes: maxInputBytes(options),
    maxReplyBytes: options.maxMessageBytes,
    nativeThreads: options.nativeThreads,
    memoryLimitMb: options.memoryLimitMb ?? null,
    pinToCpu: options.pinToCpu,
    // A batch is a frame of several calls, which is not taken back in part.
    sendsAhead: options.batchRows <= 1,
    callSocket: folder.callSocket,
    outputSocket: folder.outputSocket,
  };
}
