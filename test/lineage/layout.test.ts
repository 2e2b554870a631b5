/** The layout of any graph: nothing covers anything, and every link begins and ends where it should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { layOut, type SizedBox, type SizedLink } from "../../src/lineage/drawing/layout.js";

const graphs = fc.integer({ min: 1, max: 25 }).chain((count) =>
  fc.record({
    boxes: fc.array(
      fc.record({ width: fc.integer({ min: 40, max: 300 }), height: fc.integer({ min: 28, max: 400 }) }),
      { minLength: count, maxLength: count },
    ),
    pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 60 }),
  }),
);

test("boxes never overlap, stay inside, and links run from border to border", () => {
  fc.assert(
    fc.property(graphs, ({ boxes: sizes, pairs }) => {
      const used = new Set(pairs.map(([, to]) => to));
      const boxes: SizedBox[] = sizes.map((size, index) => ({
        ...size,
        isInput: index > 0 && !used.has(index),
      }));
      const links: SizedLink[] = pairs.map(([from, to]) => ({
        from,
        to,
        fromY: (sizes[from]?.height ?? 0) / 2,
      }));
      const { width, height, boxes: points, links: lines } = layOut(boxes, links);
      const areas = points.map(({ x, y }, index) => {
        const { width: w = 0, height: h = 0 } = boxes[index] ?? {};
        return { left: x, top: y, right: x + w, bottom: y + h };
      });
      areas.forEach((one, index) => {
        assert.ok(one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height);
        for (const other of areas.slice(index + 1)) {
          const isApart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          assert.ok(isApart, JSON.stringify([one, other]));
        }
      });
      links.forEach(({ from, to }, index) => {
        const [line = [], source, target] = [lines[index], areas[from], areas[to]];
        assert.equal(line[0]?.x, source?.right);
        assert.equal(line.at(-1)?.x, target?.left);
        assert.ok(
          (line.at(-1)?.y ?? -1) >= (target?.top ?? 0) && (line.at(-1)?.y ?? 1e9) <= (target?.bottom ?? 0),
        );
      });
    }),
    { seed: 20_261_123, numRuns: 300 },
  );
});
