/**
 * Large messages off the event loop: decoding four megabytes takes a tenth of a second, in which nobody else would be
 * answered. Threads are started when they are needed, and end when they have not been for a while.
 */
import { Piscina } from "piscina";
import type { HeaderListener } from "./call/message-header.js";
import type { Offload } from "./call/offload.js";
import type { Service } from "./contract/model.js";
import type { Limits } from "./limits.js";
import type { SoapPolicy } from "./soap/security/policy.js";
import { errorFrom, type OffloadResult, type OffloadTask } from "./offload-messages.js";

/** Threads at most: they share the processors with the Python processes. */
const MAX_THREADS = 2;

const IDLE_MS = 60_000;

export interface OffloadThreads extends Offload {
  /** Ends the threads. */
  close(): Promise<void>;
}

export interface OffloadData {
  readonly services: readonly Service[];
  readonly limits: Limits;
  /** What SOAP messages must have beside their bodies; absent: nothing. */
  readonly soapPolicy?: SoapPolicy | undefined;
}

export function startOffload(data: OffloadData): OffloadThreads {
  const piscina = new Piscina<OffloadTask, OffloadResult>({
    filename: new URL("./offload-thread.js", import.meta.url).href,
    minThreads: 0,
    maxThreads: MAX_THREADS,
    idleTimeout: IDLE_MS,
    recordTiming: false,
    workerData: data,
  });

  const run = async (
    task: OffloadTask,
    heard?: HeaderListener,
  ): Promise<Extract<OffloadResult, { readonly ok: true }>> => {
    const result = await piscina.run(task, { transferList: [task.body.buffer as ArrayBuffer] });
    heard?.(result.header);
    if (!result.ok) throw errorFrom(result.error);
    return result;
  };

  return {
    async prepare({ protocol, service, body, contentType, action = "" }, heard) {
      const step = "prepare";
      const task = { step, protocol, service, body: ownCopy(body), contentType, action } as const;
      const { reply, rows, operation } = await run(task, heard);
      return { inputs: bytesOf(reply), rows, operation };
    },
    async finish(protocol, service, result, operation) {
      const { reply } = await run({ step: "finish", protocol, service, body: ownCopy(result), operation });
      // The thread encodes for the protocol that was asked for.
      return reply as never;
    },
    close: () => piscina.destroy(),
  };
}

/** Bytes in memory of their own, which can be handed over without another copy. */
function ownCopy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function bytesOf(reply: Uint8Array | string): Uint8Array {
  return typeof reply === "string" ? Buffer.from(reply) : reply;
}
