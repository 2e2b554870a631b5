/** Layers from left to right: everything stands left of what uses it, and the first box at the right by itself. */

export interface Arrow {
  readonly from: number;
  readonly to: number;
}

/**
 * The layer of each of `count` boxes, 0 at the left. Arrows that would close a cycle are read backwards; a box that nothing leads
 * to stands at the far left when `isInput` says so.
 */
export function layersOf(
  count: number,
  arrows: readonly Arrow[],
  isInput: (box: number) => boolean,
): readonly number[] {
  const users: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of arrows) if (from !== to) users[from]?.push(to);
  const { order, ahead } = sorted(users);
  // The first box has the right end for itself: it is what all others lead to.
  const fromRight = new Array<number>(count).fill(1, 1).fill(0, 0, 1);
  // Each comes after everything that it leads to.
  for (const box of order) {
    for (const user of ahead[box] ?? []) {
      fromRight[box] = Math.max(fromRight[box] ?? 0, (fromRight[user] ?? 0) + 1);
    }
  }
  const last = Math.max(0, ...fromRight);
  return fromRight.map((distance, box) => (isInput(box) ? 0 : last - distance));
}

/** Depth first, without recursion: the boxes, users first, and the arrows without those that would close a cycle. */
function sorted(users: readonly (readonly number[])[]): {
  readonly order: readonly number[];
  readonly ahead: readonly (readonly number[])[];
} {
  const order: number[] = [];
  const ahead = users.map((): number[] => []);
  const state = new Array<"new" | "open" | "done">(users.length).fill("new");
  for (let start = 0; start < users.length; start += 1) {
    if (state[start] !== "new") continue;
    const path: { readonly box: number; next: number }[] = [{ box: start, next: 0 }];
    state[start] = "open";
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const user = users[top.box]?.[top.next];
      top.next += 1;
      if (user === undefined) {
        state[top.box] = "done";
        order.push(top.box);
        path.pop();
      } else if (state[user] !== "open") {
        ahead[top.box]?.push(user);
        if (state[user] === "new") {
          state[user] = "open";
          path.push({ box: user, next: 0 });
        }
      }
    }
  }
  return { order, ahead };
}
