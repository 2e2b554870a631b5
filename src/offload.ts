/**
 * Large messages off the event loop: decoding four megabytes takes a tenth of a second, in which nobody else would be
 * answered. Threads are started when they are needed, and end when they have not been for a while. Messages go to them and
 * come back with their memory, without a copy.
 */
import { Piscina } from "piscina";
import type { Offload } from "./call/offload.js";
import type { Service } from "./contract/model.js";
import { GatewayError } from "./errors.js";
import type { Limits } from "./limits.js";
import type { SoapPolicy } from "./soap/security/policy.js";
import { createOffloadLine, type Line } from "./offload-line.js";
import { errorFrom, type OffloadResult, type OffloadTask } from "./offload-messages.js";
import { ownBytes } from "./own-bytes.js";

/** Threads at most: they share the processors with the Python processes. */
const MAX_THREADS = 2;

const IDLE_MS = 60_000;

/**
 * The threads give way to the event loop and to Python where processors are short. On Linux alone: elsewhere the whole
 * gateway would. piscina asks its optional package `@napi-rs/nice` for it, and does without where that is missing.
 */
const NICE = process.platform === "linux" ? 10 : 0;

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

/** What the memory of a thread did not suffice for. */
const NO_MEMORY = {
  requests: () => new GatewayError("too_large", "The request takes too much memory: send less at once."),
  results: (cause) =>
    new GatewayError("output_invalid", "The result takes too much memory.", { started: true, cause }),
} as const satisfies Record<Line, (cause: unknown) => GatewayError>;

export interface OffloadOptions extends OffloadData {
  /** Gets what was thrown where nothing should be, for the log. */
  readonly onDefect: (error: unknown) => void;
  /** Of each thread; absent: enough for the most that can be made of one message. */
  readonly memory?: ThreadMemory;
}

/** Megabytes, as Node takes them. */
export interface ThreadMemory {
  readonly maxOldGenerationSizeMb: number;
  readonly maxYoungGenerationSizeMb: number;
}

export function startOffload(options: OffloadOptions): OffloadThreads {
  const { services, limits, soapPolicy, onDefect, memory = threadMemory(limits) } = options;
  const piscina = new Piscina<OffloadTask, OffloadResult>({
    filename: new URL("./offload-thread.js", import.meta.url).href,
    minThreads: 0,
    maxThreads: MAX_THREADS,
    idleTimeout: IDLE_MS,
    recordTiming: false,
    niceIncrement: NICE,
    resourceLimits: memory,
    workerData: { services, limits, soapPolicy } satisfies OffloadData,
  });
  // A thread that fails without work fails nobody; without a listener it would end the gateway.
  piscina.on("error", onDefect);
  const line = createOffloadLine(MAX_THREADS);

  /** @param task its body is handed over */
  const run = async (at: Line, task: OffloadTask): Promise<OffloadResult> => {
    try {
      return await piscina.run(task, { transferList: [task.body.buffer] });
    } catch (error) {
      throw isOutOfMemory(error) ? NO_MEMORY[at](error) : error;
    }
  };

  return {
    async prepare({ protocol, service, body, contentType, action = "", ...wait }, heard) {
      const leave = await line.enter("requests", wait);
      try {
        const task = {
          step: "prepare",
          protocol,
          service,
          body: ownBytes(body),
          contentType,
          action,
        } as const;
        const result = await run("requests", task);
        heard?.(result.header);
        if (!result.ok) throw errorFrom(result.error);
        const { reply, rows, operation } = result;
        return { inputs: reply, rows, operation };
      } finally {
        leave();
      }
    },
    async finish({ protocol, service, result: bytes, operation, around, form, ...wait }) {
      const leave = await line.enter("results", wait);
      try {
        const body = ownBytes(bytes);
        const task = { step: "finish", protocol, service, body, operation, around, form } as const;
        const result = await run("results", task);
        if (!result.ok) throw errorFrom(result.error);
        return result.reply;
      } finally {
        leave();
      }
    },
    close: () => piscina.destroy(),
  };
}

/**
 * More than twice what the dearest messages take (250 MB for 4 MB of empty elements): a thread that needs more fails, and not
 * the gateway. The young generation stays small: V8 has 16 MB to spare for a thread that is being ended, and where more than
 * that outlives one collection it ends the whole process instead.
 */
function threadMemory({ maxMessageBytes }: Limits): ThreadMemory {
  const megabytes = Math.ceil(maxMessageBytes / 1024 ** 2);
  return { maxOldGenerationSizeMb: 256 + 96 * megabytes, maxYoungGenerationSizeMb: 24 };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
