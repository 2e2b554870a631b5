import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Flow } from "../../src/call/flow.js";
import { GatewayError } from "../../src/errors.js";
import { createCall, createCallQueue, type Call, type CallQueue } from "../../src/pool/call-queue.js";

interface CallOptions {
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
}

interface Harness {
  readonly queue: CallQueue;
  /** How each call ended, by id: a code, once for every time that it was settled. */
  readonly ends: Map<number, string[]>;
  readonly call: (flow?: Flow, bytes?: number, options?: CallOptions) => Call;
  /** Adds such a call. */
  readonly add: Harness["call"];
  readonly passMs: (duration: number) => void;
}

/** A queue with a clock of its own, and calls that tell how they ended. */
function harness(maxCalls: number, maxBytes: number): Harness {
  const ends = new Map<number, string[]>();
  let clock = 0;
  let nextId = 0;
  const queue = createCallQueue({
    maxCalls,
    maxBytes,
    retryAfterMs: (ahead) => 10 + ahead,
    now: () => clock,
  });
  const made: Harness = {
    queue,
    ends,
    call(flow = {}, bytes = 1, { deadlineAt = Number.POSITIVE_INFINITY, signal } = {}) {
      nextId += 1;
      const id = nextId;
      const end: string[] = [];
      ends.set(id, end);
      const listening = signal === undefined ? {} : { signal };
      const call = createCall(id, new Uint8Array(bytes), {
        requestId: "",
        deadlineAt,
        ...flow,
        ...listening,
      });
      const reject = (error: Error): void => {
        assert.ok(error instanceof GatewayError && !error.started);
        if (error.code === "overloaded") assert.ok((error.retryAfterMs ?? 0) >= 10);
        end.push(error.code);
      };
      return { ...call, outcome: { ...call.outcome, reject } };
    },
    add(...of) {
      const call = made.call(...of);
      queue.add(call);
      return call;
    },
    passMs: (duration) => void (clock += duration),
  };
  return made;
}

const step = fc.record({
  kind: fc.constantFrom("add", "add", "add", "take", "putBack", "abort", "pass"),
  caller: fc.constantFrom(undefined, "a", "b", "c"),
  urgency: fc.constantFrom(undefined, 0, 3, 7),
  bytes: fc.nat(12),
  lastsMs: fc.integer({ min: 1, max: 40 }),
  pick: fc.nat(1000),
});

test("every call leaves exactly once, in order within its flow, and the bounds hold", () => {
  fc.assert(
    fc.property(fc.nat(6), fc.nat(30), fc.array(step, { maxLength: 120 }), (maxCalls, maxBytes, steps) => {
      const { queue, ends, call, passMs } = harness(maxCalls, maxBytes);
      let clock = 0;
      const added: { readonly call: Call; readonly leave: AbortController }[] = [];
      const inHand: Call[] = [];
      const newest = new Map<string, number>();
      for (const { kind, caller, urgency, bytes, lastsMs, pick } of steps) {
        if (kind === "add") {
          const leave = new AbortController();
          const at = { deadlineAt: clock + lastsMs, signal: leave.signal };
          const newcomer = call({ caller, urgency }, bytes, at);
          const foretold = queue.hasPlaceFor(newcomer.flow, bytes);
          queue.add(newcomer);
          assert.equal(ends.get(newcomer.id)?.length, foretold ? 0 : 1);
          added.push({ call: newcomer, leave });
        } else if (kind === "take") {
          const taken = queue.take();
          if (taken === undefined) continue;
          assert.ok(taken.deadlineAt > clock);
          assert.deepEqual(ends.get(taken.id), []);
          const key = JSON.stringify(taken.flow);
          assert.ok(taken.id >= (newest.get(key) ?? 0), "an older call of the flow was passed over");
          newest.set(key, taken.id);
          inHand.push(taken);
        } else if (kind === "putBack") {
          // The newest in hand, so that the order stays that of the ids.
          const back = inHand.pop();
          if (back === undefined) continue;
          newest.delete(JSON.stringify(back.flow));
          queue.putBack(back);
        } else if (kind === "abort") {
          added[pick % Math.max(1, added.length)]?.leave.abort();
        } else {
          passMs(lastsMs);
          clock += lastsMs;
        }
        assert.ok(queue.size <= maxCalls && queue.bytes <= maxBytes);
      }
      const kept = queue.size;
      queue.giveUp(new GatewayError("unavailable", "stopped"));
      assert.deepEqual([queue.size, queue.bytes], [0, 0]);
      for (const { call: left, leave } of added) {
        const held = inHand.includes(left) ? 1 : 0;
        assert.equal((ends.get(left.id)?.length ?? 0) + held, 1, `call ${left.id}`);
        leave.abort();
        assert.equal((ends.get(left.id)?.length ?? 0) + held, 1, `call ${left.id} still listens`);
      }
      const stopped = [...ends.values()].filter(([code]) => code === "unavailable").length;
      assert.equal(stopped, kept);
    }),
    { seed: 5, numRuns: 1000 },
  );
});

test("a full queue makes room for whoever holds less, at the cost of the newest of whoever holds most", () => {
  const { queue, ends, add } = harness(4, 1000);
  const greedy = [1, 2, 3, 4].map(() => add({ caller: "greedy" }));
  add({ caller: "greedy" });
  assert.deepEqual([...ends.values()], [[], [], [], [], ["overloaded"]]);
  add({ caller: "modest" });
  assert.deepEqual(ends.get(greedy[3]?.id ?? 0), ["overloaded"]);
  add({ caller: "modest" });
  assert.deepEqual(ends.get(greedy[2]?.id ?? 0), ["overloaded"]);
  // Two each now: the next one would hold more than the other.
  const refused = add({ caller: "modest" });
  assert.deepEqual(ends.get(refused.id), ["overloaded"]);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => queue.take()?.flow.caller),
    ["greedy", "modest", "greedy", "modest"],
  );
});

test("the only place goes from one flow to another, not within one", () => {
  const { ends, add } = harness(1, 100);
  const [first, second, third] = [add({ caller: "a" }), add({ caller: "b" }), add({ caller: "b" })];
  assert.deepEqual(
    [first, second, third].map(({ id }) => ends.get(id)),
    [["overloaded"], [], ["overloaded"]],
  );
});

test("bytes are shared out like places, and nobody is shed for a call that finds no place", () => {
  const { queue, ends, add } = harness(100, 100);
  const large = add({ caller: "large" }, 60);
  const small = [1, 2, 3, 4].map(() => add({ caller: "small" }, 10));
  const refused = add({ caller: "other" }, 61);
  assert.deepEqual(ends.get(refused.id), ["overloaded"]);
  assert.deepEqual([queue.size, queue.bytes], [5, 100]);
  add({ caller: "other" }, 20);
  assert.deepEqual(ends.get(large.id), ["overloaded"]);
  assert.deepEqual(
    small.map(({ id }) => ends.get(id)),
    [[], [], [], []],
  );
  assert.equal(queue.bytes, 60);
});

test("a queue without places takes nobody", () => {
  const { queue, ends, add, call } = harness(0, 100);
  assert.equal(queue.hasPlaceFor({}, 1), false);
  assert.deepEqual(ends.get(add().id), ["overloaded"]);
  const taken = call();
  queue.putBack(taken);
  assert.deepEqual(ends.get(taken.id), ["overloaded"]);
});

test("calls leave at their deadlines, by the one timer, although a later one was set first", async () => {
  const queue = createCallQueue({ maxCalls: 10, maxBytes: 10, retryAfterMs: () => 1 });
  // The timer of the queue keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  const add = (ms: number): Call => {
    const call = createCall(ms, new Uint8Array(1), { requestId: "", deadlineAt: performance.now() + ms });
    queue.add(call);
    return call;
  };
  const waiting = add(60_000);
  for (const ms of [20, 10, 5]) {
    const { outcome, deadlineAt } = add(ms);
    await assert.rejects(outcome.promise, { code: "deadline_exceeded", started: false });
    assert.ok(performance.now() >= deadlineAt);
  }
  clearInterval(alive);
  assert.equal(queue.size, 1);
  assert.equal(queue.take(), waiting);
});

test("the place of a call whose caller goes is not given to another call of that caller", () => {
  const { queue, ends, add } = harness(10, 100);
  const leave = new AbortController();
  const taken: (Call | undefined)[] = [];
  // A call that runs hears of it first, is stopped, and makes room.
  leave.signal.addEventListener("abort", () => taken.push(queue.take()));
  const waiting = [add({}, 1, { signal: leave.signal }), add({}, 1, { signal: leave.signal })];
  const other = add();
  leave.abort();
  assert.deepEqual(taken, [other]);
  assert.equal(queue.size, 0);
  for (const { id } of waiting) assert.deepEqual(ends.get(id), ["deadline_exceeded"]);
});

test("a call leaves at once when its caller goes, and one that comes too late is not taken in", () => {
  const { queue, ends, add, call, passMs } = harness(10, 100);
  const leave = new AbortController();
  const gone = add({}, 1, { signal: leave.signal });
  const kept = add({}, 1, { deadlineAt: 50 });
  leave.abort();
  assert.deepEqual(ends.get(gone.id), ["deadline_exceeded"]);
  assert.equal(queue.size, 1);
  const late = add({}, 1, { signal: leave.signal });
  assert.deepEqual(ends.get(late.id), ["deadline_exceeded"]);
  assert.equal(queue.take(), kept);
  passMs(50);
  queue.putBack(kept);
  assert.deepEqual(ends.get(kept.id), ["deadline_exceeded"]);
  assert.deepEqual(ends.get(add({}, 1, { deadlineAt: 50 }).id), ["deadline_exceeded"]);
  assert.equal(call().flow.caller, undefined);
  assert.equal(queue.size, 0);
});
