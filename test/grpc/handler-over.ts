/** The real call path of the sample service over a dispatcher of the test's own. */
import { createCallHandler } from "../../src/call/handle-call.js";
import type { Admission } from "../../src/call/admission.js";
import type { CallHandler } from "../../src/call/call.js";
import { createServiceTime } from "../../src/call/service-time.js";
import { createTurns } from "../../src/call/turns.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { SILENT } from "../support/pool-harness.js";
import { sampleService } from "../support/sample-service.js";

/** @param dispatch gives the pickled result */
export function createHandlerOver(
  dispatch: () => Promise<Uint8Array>,
  { admit = () => ({ answered: () => undefined, release: () => undefined }) }: { admit?: Admission } = {},
): CallHandler {
  return createCallHandler({
    service: sampleService(),
    admit,
    turns: createTurns(),
    dispatcher: {
      dispatch: async () => ({ result: await dispatch(), queuedMs: 0, runMs: 0, worker: 0 }),
      state: () => ({ ready: 1, processes: 1, queued: 0, running: 0 }),
      slots: () => 1,
      backlog: { callsAhead: () => 0, hasPlaceFor: () => true },
      serviceTime: createServiceTime({ slots: () => 1 }),
    },
    limits: DEFAULT_LIMITS,
    trustUrgency: false,
    observer: SILENT,
  });
}
