/** The order of what stands in each layer, so that few links cross: barycenters, swept back and forth (Sugiyama 1981). */
import type { Connection } from "./place.js";

/** Sweeps through all layers; more than this changes little. */
const SWEEPS = 8;

/** The layers in the best order that the sweeps came by. */
export function orderLayers(
  layers: readonly (readonly number[])[],
  connections: readonly Connection[],
): readonly (readonly number[])[] {
  const left = neighbours(
    connections,
    ({ to }) => to,
    ({ from, fromY }) => [from, fromY],
  );
  const right = neighbours(
    connections,
    ({ from }) => from,
    ({ to, toY }) => [to, toY],
  );
  let current = layers;
  let best = layers;
  let least = crossings(layers, connections);
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep += 1) {
    current = sweep % 2 === 0 ? swept(current, left) : swept(current.toReversed(), right).toReversed();
    const crossed = crossings(current, connections);
    if (crossed >= least) continue;
    least = crossed;
    best = current;
  }
  return best;
}

type Neighbours = ReadonlyMap<number, readonly (readonly [item: number, y: number])[]>;

function neighbours(
  connections: readonly Connection[],
  keyOf: (connection: Connection) => number,
  otherOf: (connection: Connection) => readonly [number, number],
): Neighbours {
  const found = new Map<number, (readonly [number, number])[]>();
  for (const connection of connections) {
    const key = keyOf(connection);
    const list = found.get(key);
    if (list === undefined) found.set(key, [otherOf(connection)]);
    else list.push(otherOf(connection));
  }
  return found;
}

/** Each layer in the order of the middle of its neighbours in the layer before; what has none stays about where it is. */
function swept(layers: readonly (readonly number[])[], before: Neighbours): readonly (readonly number[])[] {
  let positions = new Map<number, number>();
  return layers.map((layer, index) => {
    const keys = new Map(
      layer.map((item, place): [number, number] => {
        const ys = (before.get(item) ?? []).map(([other, y]) => (positions.get(other) ?? 0) + y / 1e6);
        const middle = ys.reduce((sum, y) => sum + y, 0) / ys.length;
        return [item, ys.length === 0 || index === 0 ? place : middle];
      }),
    );
    const sorted = layer.toSorted((one, other) => (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
    positions = new Map(sorted.map((item, place) => [item, place]));
    return sorted;
  });
}

/** How many pairs of connections cross: pairs that are in one order at one end and in the other at the other. */
function crossings(layers: readonly (readonly number[])[], connections: readonly Connection[]): number {
  const place = new Map(layers.flatMap((layer) => layer.map((item, at): [number, number] => [item, at])));
  const layerOf = new Map(layers.flatMap((layer, at) => layer.map((item): [number, number] => [item, at])));
  const at = (item: number): number => place.get(item) ?? 0;
  const byLayer = new Map<number, Connection[]>();
  for (const connection of connections) {
    const layer = layerOf.get(connection.from) ?? 0;
    const list = byLayer.get(layer);
    if (list === undefined) byLayer.set(layer, [connection]);
    else list.push(connection);
  }
  let count = 0;
  for (const list of byLayer.values()) {
    const ends = list
      .toSorted((a, b) => at(a.from) - at(b.from) || a.fromY - b.fromY || at(a.to) - at(b.to))
      .map(({ to }) => at(to));
    count += inversions(ends, Math.max(...ends) + 1);
  }
  return count;
}

/** Pairs of numbers below `limit` that stand in falling order; counted in a binary indexed tree. */
function inversions(numbers: readonly number[], limit: number): number {
  const tree = new Array<number>(limit + 1).fill(0);
  let count = 0;
  numbers.forEach((number, seen) => {
    let notLarger = 0;
    for (let at = number + 1; at > 0; at -= at & -at) notLarger += tree[at] ?? 0;
    count += seen - notLarger;
    for (let at = number + 1; at <= limit; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
  });
  return count;
}
