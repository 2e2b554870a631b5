/** Heights: each layer keeps its order and its distances, and stands as near as that allows to what it is linked with. */

export interface Item {
  readonly layer: number;
  /** Pixels. */
  readonly height: number;
  /** True for a link that passes the layer. */
  readonly isLane: boolean;
}

/** One step of a link, from an item to an item of the next layer; where it ends, below the top of each. */
export interface Connection {
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
}

const GAP = 20;
const LANE_GAP = 8;
const ROUNDS = 12;

/** The top of each item, in whole pixels. */
export function placeVertically(
  items: readonly Item[],
  layers: readonly (readonly number[])[],
  connections: readonly Connection[],
): readonly number[] {
  const tops = new Array<number>(items.length).fill(0);
  for (const layer of layers) {
    const offsets = stackedOffsets(layer, items);
    const height = (offsets.at(-1) ?? 0) + (items[layer.at(-1) ?? 0]?.height ?? 0);
    // Around one middle line, from which the rounds go on.
    layer.forEach((item, at) => (tops[item] = (offsets[at] ?? 0) - height / 2));
  }
  const pulls = pullsOf(items.length, connections);
  for (let round = 0; round < ROUNDS; round += 1) {
    const inTurn = round % 2 === 0 ? layers : layers.toReversed();
    for (const layer of inTurn) align(layer, items, tops, pulls);
  }
  return tops.map(Math.round);
}

interface Pull {
  readonly other: number;
  /** What is added to the top of the other to have the link run level. */
  readonly by: number;
}

function pullsOf(count: number, connections: readonly Connection[]): readonly (readonly Pull[])[] {
  const pulls: Pull[][] = Array.from({ length: count }, () => []);
  for (const { from, to, fromY, toY } of connections) {
    pulls[from]?.push({ other: to, by: toY - fromY });
    pulls[to]?.push({ other: from, by: fromY - toY });
  }
  return pulls;
}

/** Moves the items of a layer to where they are pulled, as far as their order and distances let them. */
function align(
  layer: readonly number[],
  items: readonly Item[],
  tops: number[],
  pulls: readonly (readonly Pull[])[],
): void {
  const offsets = stackedOffsets(layer, items);
  const wanted = layer.map((item, at) => {
    const list = pulls[item] ?? [];
    const sum = list.reduce((total, { other, by }) => total + (tops[other] ?? 0) + by, 0);
    const top = list.length === 0 ? (tops[item] ?? 0) : sum / list.length;
    // A straight lane is worth more than a level link of a box.
    return {
      value: top - (offsets[at] ?? 0),
      weight: list.length === 0 ? 0.1 : items[item]?.isLane === true ? 3 : 1,
    };
  });
  nearestRising(wanted).forEach((value, at) => {
    const item = layer[at];
    if (item !== undefined) tops[item] = value + (offsets[at] ?? 0);
  });
}

/** Where each item of a layer would stand if nothing pulled. */
function stackedOffsets(layer: readonly number[], items: readonly Item[]): readonly number[] {
  let y = 0;
  return layer.map((item, at) => {
    const own = items[item];
    const next = items[layer[at + 1] ?? item];
    const offset = y;
    y += (own?.height ?? 0) + (own?.isLane === true || next?.isLane === true ? LANE_GAP : GAP);
    return offset;
  });
}

/**
 * The values that never fall and are nearest to the wanted ones by weighted squares: pool adjacent violators (Ayer et al. 1955).
 */
function nearestRising(
  wanted: readonly { readonly value: number; readonly weight: number }[],
): readonly number[] {
  const pools: { value: number; weight: number; count: number }[] = [];
  for (const { value, weight } of wanted) {
    let pool = { value, weight, count: 1 };
    for (
      let before = pools.at(-1);
      before !== undefined && before.value > pool.value;
      before = pools.at(-1)
    ) {
      pools.pop();
      const total = before.weight + pool.weight;
      pool = {
        value: (before.value * before.weight + pool.value * pool.weight) / total,
        weight: total,
        count: before.count + pool.count,
      };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ value, count }) => new Array<number>(count).fill(value));
}
