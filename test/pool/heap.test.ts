import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createHeap } from "../../src/pool/heap.js";

interface Member {
  rank: number;
}

test("the first member is always the least, whoever joins, moves and leaves", () => {
  const step = fc.record({
    kind: fc.constantFrom("add", "add", "update", "remove", "removeFirst"),
    pick: fc.nat(1000),
    rank: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = createHeap<Member>((a, b) => a.rank < b.rank);
      const members: Member[] = [];
      for (const { kind, pick, rank } of steps) {
        const chosen = kind === "removeFirst" ? heap.first : members[pick % Math.max(1, members.length)];
        if (kind === "add") {
          const member = { rank };
          members.push(member);
          heap.add(member);
        } else if (chosen !== undefined && kind === "update") {
          chosen.rank = rank;
          heap.update(chosen);
        } else if (chosen !== undefined) {
          members.splice(members.indexOf(chosen), 1);
          heap.remove(chosen);
          heap.remove(chosen);
        }
        assert.equal(heap.first?.rank, members.map((member) => member.rank).sort((a, b) => a - b)[0]);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
