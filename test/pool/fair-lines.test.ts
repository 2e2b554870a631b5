import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { URGENCIES, type Flow, type Urgency } from "../../src/call/flow.js";
import { createFairLines, WEIGHTS, type FairLines } from "../../src/pool/fair-lines.js";

const urgency = fc.constantFrom(...URGENCIES);

interface Arrival {
  readonly flow: Flow;
  /** Turns that are taken before it arrives. */
  readonly after: number;
}

/** Other callers who come while the two in question are waiting. */
const others: fc.Arbitrary<Arrival[]> = fc.array(
  fc.record({
    flow: fc.record({ caller: fc.constantFrom("x", "y", "z"), urgency }),
    after: fc.nat(4),
  }),
  { maxLength: 150 },
);

/**
 * How far two flows that both have calls waiting get apart, in turns for each unit of weight: the largest difference
 * over any interval.
 */
function apart(a: Flow, b: Flow, arrivals: readonly Arrival[]): number {
  const weight = (flow: Flow): number => WEIGHTS[flow.urgency ?? 3];
  const lines = createFairLines<Flow>();
  let difference = 0;
  let [lowest, highest] = [0, 0];
  const turn = (): void => {
    const flow = lines.next()?.item;
    if (flow === a) difference += 1 / weight(a);
    if (flow === b) difference -= 1 / weight(b);
    [lowest, highest] = [Math.min(lowest, difference), Math.max(highest, difference)];
    // They stay in the queue: whoever has had a turn comes again.
    if (flow === a || flow === b) lines.append(flow, flow, 1);
  };
  for (const flow of [a, a, b, b]) lines.append(flow, flow, 1);
  for (const { flow, after } of arrivals) {
    for (let turns = 0; turns < after; turns += 1) turn();
    lines.append(flow, flow, 1);
  }
  for (let turns = 0; turns < 300; turns += 1) turn();
  return highest - lowest;
}

test("two flows of equal weight are never more than one call apart", () => {
  fc.assert(
    fc.property(urgency, others, (same, arrivals) => {
      const distance = apart({ caller: "a", urgency: same }, { caller: "b", urgency: same }, arrivals);
      assert.ok(distance * WEIGHTS[same] <= 1, `${distance * WEIGHTS[same]} calls`);
    }),
    { seed: 2, numRuns: 200 },
  );
});

test("two flows of any weights are never more than one turn of each apart", () => {
  fc.assert(
    fc.property(urgency, urgency, others, (one, other, arrivals) => {
      const distance = apart({ caller: "a", urgency: one }, { caller: "b", urgency: other }, arrivals);
      assert.ok(distance <= 1 / WEIGHTS[one] + 1 / WEIGHTS[other]);
    }),
    { seed: 3, numRuns: 200 },
  );
});

/** How many of `turns` each flow gets when all of them always have calls waiting. */
function share(flows: readonly Flow[], turns: number): number[] {
  const lines = createFairLines<Flow>();
  for (const flow of flows) lines.append(flow, flow, 1);
  const counts = new Map<Flow, number>();
  for (let count = 0; count < turns; count += 1) {
    const flow = lines.next()?.item;
    if (flow === undefined) break;
    counts.set(flow, (counts.get(flow) ?? 0) + 1);
    lines.append(flow, flow, 1);
  }
  return flows.map((flow) => counts.get(flow) ?? 0);
}

test("each step of urgency doubles the turns, and the last gets its own", () => {
  const turns = 255 * 4;
  const counts = share(
    URGENCIES.map((step): Flow => ({ caller: `c${step}`, urgency: step })),
    turns,
  );
  counts.forEach((count, step) => {
    const due = (turns * 2 ** (7 - step)) / 255;
    assert.ok(Math.abs(count - due) <= 8, `urgency ${step}: ${count} turns, not about ${due}`);
  });
});

test("callers of one at a time get as much as one who fills the queue", () => {
  const lines = createFairLines<string>();
  for (let count = 0; count < 100; count += 1) lines.append({ caller: "many" }, "many", 1);
  lines.append({ caller: "one" }, "one", 1);
  let ones = 0;
  for (let turn = 0; turn < 100; turn += 1) {
    if (lines.next()?.item !== "one") continue;
    ones += 1;
    lines.append({ caller: "one" }, "one", 1);
  }
  assert.equal(ones, 50);
});

test("nobody starves, not even in the background behind ever new urgent callers", () => {
  for (const present of [1, 5, 20]) {
    const lines = createFairLines<string>();
    let callers = 0;
    const join = (): void => {
      callers += 1;
      lines.append({ caller: `fresh${callers}`, urgency: 0 }, "urgent", 1);
    };
    for (let count = 0; count < present; count += 1) join();
    lines.append({ caller: "patient", urgency: 7 }, "patient", 1);
    let turns = 0;
    while (lines.next()?.item !== "patient") {
      turns += 1;
      join();
      assert.ok(turns <= present * 128 + 1, `${present} present: still waiting after ${turns} turns`);
    }
  }
});

test("without a key callers share one flow, and an empty key is a key", () => {
  const lines = createFairLines<string>();
  lines.append({}, "1", 1);
  lines.append({ urgency: 3 }, "2", 1);
  lines.append({ caller: "" }, "3", 1);
  lines.append({ caller: "__proto__" }, "4", 1);
  assert.deepEqual([lines.held({}, "calls"), lines.held({ caller: "" }, "calls")], [2, 1]);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => lines.next()?.item),
    ["1", "3", "4", "2"],
  );
});

test("what is put back goes first in its flow, and its turn is not counted twice", () => {
  const lines = createFairLines<string>();
  for (const item of ["a1", "a2", "a3"]) lines.append({ caller: "a" }, item, 1);
  for (const item of ["b1", "b2", "b3"]) lines.append({ caller: "b" }, item, 1);
  assert.equal(lines.next()?.item, "a1");
  lines.putBack({ caller: "a" }, "a1", 1);
  const order = [1, 2, 3, 4, 5, 6].map(() => lines.next()?.item);
  assert.deepEqual(order, ["a1", "b1", "a2", "b2", "a3", "b3"]);
  // Its line is gone by now.
  for (const item of ["b1", "b2"]) lines.append({ caller: "b" }, item, 1);
  lines.putBack({ caller: "a" }, "a3", 1);
  assert.equal(lines.next()?.item, "a3");
});

interface Waiting {
  readonly lines: FairLines<string>;
  readonly flows: number;
}

/** A queue in the middle of its work. */
function busyLines(joins: readonly { caller: string; urgency: Urgency }[], taken: number): Waiting {
  const lines = createFairLines<string>();
  for (const flow of joins) lines.append(flow, "other", 1);
  for (let count = 0; count < Math.min(taken, joins.length); count += 1) lines.next();
  return { lines, flows: new Set(joins.map((flow) => `${flow.caller}${flow.urgency}`)).size };
}

test("the calls in front of a newcomer are foretold to about one of each flow", () => {
  const flow = fc.record({ caller: fc.constantFrom("a", "b", "c"), urgency });
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 100 }), fc.nat(60), flow, (joins, taken, newcomer) => {
      const { lines, flows } = busyLines(joins, taken);
      const foretold = lines.callsAhead(newcomer);
      assert.ok(foretold <= lines.calls);
      lines.append(newcomer, "newcomer", 1);
      let ahead = 0;
      while (lines.next()?.item !== "newcomer") ahead += 1;
      assert.ok(ahead <= foretold + flows, `${ahead} were ahead, ${foretold} foretold`);
    }),
    { seed: 4, numRuns: 500 },
  );
});
