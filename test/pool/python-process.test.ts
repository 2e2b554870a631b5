/** The order of what the main thread does about one process, which only a busy machine would show with a real one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../src/errors.js";
import { createCall, type Call } from "../../src/pool/call-queue.js";
import type { Claims } from "../../src/pool/claims.js";
import { TO_HOST } from "../../src/pool/host-messages.js";
import type { ProcessOptions, PythonProcess } from "../../src/pool/process-options.js";
import { createPythonProcess } from "../../src/pool/python-process.js";

const NEVER = 0x7fffffff;
const ANSWER = { ok: true, payload: new Uint8Array(0), runMs: 0.1 } as const;
const ignore = (): void => undefined;

function call(id: number): Call {
  const context = { requestId: "test", deadlineAt: NEVER, caller: "", urgency: 3 } as const;
  return createCall(id, new Uint8Array(0), context);
}

interface Observed {
  readonly process: PythonProcess;
  /** Ids in the order in which they were sent. */
  readonly sent: readonly number[];
  readonly claims: { begun: number; revoked: number };
  /** Resolves when calls were taken back. */
  readonly revoked: Promise<void>;
  readonly ended: Promise<void>;
}

/** A process that is ready, whose other end is the test. */
function observe(options: Pick<ProcessOptions, "onReturned">): Observed {
  const sent: number[] = [];
  const state = { begun: 0, revoked: 0 };
  let onRevoked = ignore;
  const revoked = new Promise<void>((resolve) => (onRevoked = resolve));
  let onEnded = ignore;
  const ended = new Promise<void>((resolve) => (onEnded = resolve));
  const claims: Claims = {
    get begun() {
      return state.begun;
    },
    revokeUpTo(number) {
      state.revoked = number;
      onRevoked();
    },
    close: ignore,
  };
  const process = createPythonProcess({
    token: "token",
    worker: 0,
    stopCancelled: false,
    openClaims: () => claims,
    mayWait: () => 1,
    onOverrun: ignore,
    onAnswer: ignore,
    onStarted: ignore,
    onReady: ignore,
    onChange: ignore,
    onRetired: ignore,
    onEnded: () => onEnded(),
    ...options,
  });
  process.onStartEvent({ type: "phase", token: "token", phase: "importing" });
  // No process has this id: what is sent to it is lost.
  process.onStartEvent({ type: "started", token: "token", pid: 2 ** 22 });
  process.onLink(
    {
      send(kind, id) {
        if (kind === TO_HOST.call) sent.push(id);
      },
      close: ignore,
    },
    1,
  );
  return { process, sent, claims: state, revoked, ended };
}

test("a call that comes back makes room for the one behind it, and not for itself", async () => {
  const [first, second, third] = [call(1), call(2), call(3)];
  const returned: Call[] = [];
  const observed = observe({
    onReturned(calls) {
      returned.push(...calls);
      // As the pool does: whoever is put back goes where there is room.
      if (observed.process.freeSlots > 0) observed.process.run(calls);
    },
  });
  const { process, sent, claims, revoked, ended } = observed;
  process.run([first]);
  process.run([second]);
  await revoked;
  assert.equal(claims.revoked, 2);
  // The one in front is answered after all, so the second moves up, and Python will say that it does not begin it.
  process.onReply(1, ANSWER);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(process.freeSlots > 0);
  process.run([third]);
  assert.deepEqual(sent, [1, 2, 3]);
  process.onRevoked(2);
  assert.deepEqual(
    returned.map(({ id }) => id),
    [2],
  );
  // Python begins the third, whatever was sent behind it meanwhile.
  claims.begun = 3;
  assert.equal(process.onReply(3, ANSWER), true);
  await third.outcome.promise;
  process.onReply(2, ANSWER);
  await second.outcome.promise;
  process.kill("drain", "the end of the test");
  process.onStartEvent({ type: "over", token: "token", reason: "exit", detail: "", traceback: "" });
  await ended;
});

test("when it is lost, only what had begun is lost with it", async () => {
  const [first, second] = [call(1), call(2)];
  const returned: Call[] = [];
  const { process, claims, ended } = observe({ onReturned: (calls) => void returned.push(...calls) });
  process.run([first]);
  process.run([second]);
  claims.begun = 1;
  process.onClosed(undefined);
  process.onStartEvent({ type: "over", token: "token", reason: "signal", detail: "SIGKILL", traceback: "" });
  await assert.rejects(
    first.outcome.promise,
    (error) => error instanceof GatewayError && error.code === "worker_lost",
  );
  await ended;
  assert.deepEqual(
    returned.map(({ id }) => id),
    [2],
  );
});
