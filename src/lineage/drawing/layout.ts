/** Where everything stands in the drawing, in pixels. */
import { layersOf } from "./layers.js";
import { orderLayers } from "./order.js";
import { placeVertically, type Connection, type Item } from "./place.js";

export interface SizedBox {
  readonly width: number;
  readonly height: number;
  /** True: it stands at the far left. */
  readonly isInput: boolean;
}

export interface SizedLink {
  readonly from: number;
  readonly to: number;
  /** Where the link leaves, below the top of its box. */
  readonly fromY: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each box. */
  readonly boxes: readonly Point[];
  /** For each link the points that it passes, from its box to its target; it runs level through each pair. */
  readonly links: readonly (readonly Point[])[];
}

const MARGIN = 16;
const LAYER_GAP = 72;
/** A link that passes a layer takes this much of its height. */
const LANE = 6;

/**
 * Layers from left to right, each ordered so that few links cross and placed so that they run level. Equal input gives equal
 * output.
 */
export function layOut(boxes: readonly SizedBox[], links: readonly SizedLink[]): Layout {
  const layerOfBox = layersOf(boxes.length, links, (box) => boxes[box]?.isInput === true);
  const { items, chains } = withLanes(boxes, links, layerOfBox);
  const connections = connectionsOf(chains, links, items);
  const count = Math.max(0, ...layerOfBox) + 1;
  const byLayer = Array.from({ length: count }, (_, layer) =>
    items.flatMap((item, index) => (item.layer === layer ? [index] : [])),
  );
  const layers = orderLayers(byLayer, connections);
  const tops = placeVertically(items, layers, connections);
  const { lefts, widths, width } = placeHorizontally(boxes, layerOfBox, count);
  const [top, bottom] = [
    Math.min(...tops),
    Math.max(...tops.map((y, index) => y + (items[index]?.height ?? 0))),
  ];
  const yOf = (item: number): number => MARGIN + (tops[item] ?? 0) - top;
  const boxPoints = boxes.map((_, box) => ({ x: lefts[layerOfBox[box] ?? 0] ?? 0, y: yOf(box) }));
  const entries = entryOffsets(chains, items, yOf);
  const linkPoints = chains.map((chain, index): Point[] => {
    const link = links[index];
    if (link === undefined) return [];
    const points = chain.flatMap((item): Point[] => {
      const { layer = 0 } = items[item] ?? {};
      const [x, y] = [lefts[layer] ?? 0, yOf(item)];
      if (item === link.from) return [{ x: x + (boxes[item]?.width ?? 0), y: y + link.fromY }];
      if (item === link.to) return [{ x, y: y + (entries[index] ?? 0) }];
      const middle = y + LANE / 2;
      return [
        { x, y: middle },
        { x: x + (widths[layer] ?? 0), y: middle },
      ];
    });
    // A link to itself leaves and comes back.
    return link.from === link.to
      ? [...points, { x: boxPoints[link.to]?.x ?? 0, y: points[0]?.y ?? 0 }]
      : points;
  });
  return { width, height: bottom - top + 2 * MARGIN, boxes: boxPoints, links: linkPoints };
}

/** The boxes, and after them a lane in each layer that a link passes; for each link what it passes, from end to end. */
function withLanes(
  boxes: readonly SizedBox[],
  links: readonly SizedLink[],
  layerOfBox: readonly number[],
): { readonly items: readonly Item[]; readonly chains: readonly (readonly number[])[] } {
  const items: Item[] = boxes.map(({ height }, box) => ({
    layer: layerOfBox[box] ?? 0,
    height,
    isLane: false,
  }));
  const chains = links.map(({ from, to }) => {
    if (from === to) return [from];
    const chain = [from];
    for (let layer = (layerOfBox[from] ?? 0) + 1; layer < (layerOfBox[to] ?? 0); layer += 1) {
      chain.push(items.push({ layer, height: LANE, isLane: true }) - 1);
    }
    return [...chain, to];
  });
  return { items, chains };
}

/** The steps of all links from one layer to the next; links that run backwards pull at nothing. */
function connectionsOf(
  chains: readonly (readonly number[])[],
  links: readonly SizedLink[],
  items: readonly Item[],
): readonly Connection[] {
  return chains.flatMap((chain, index) =>
    chain.slice(1).flatMap((to, step): Connection[] => {
      const from = chain[step] ?? 0;
      const [left, right] = [items[from], items[to]];
      if (left === undefined || right?.layer !== left.layer + 1) return [];
      const fromY = step === 0 ? (links[index]?.fromY ?? 0) : LANE / 2;
      return [{ from, to, fromY, toY: right.height / 2 }];
    }),
  );
}

function placeHorizontally(
  boxes: readonly SizedBox[],
  layerOfBox: readonly number[],
  count: number,
): { readonly lefts: readonly number[]; readonly widths: readonly number[]; readonly width: number } {
  const widths = new Array<number>(count).fill(0);
  boxes.forEach(({ width }, box) => {
    const layer = layerOfBox[box] ?? 0;
    widths[layer] = Math.max(widths[layer] ?? 0, width);
  });
  let x = MARGIN;
  const lefts = widths.map((width) => {
    const left = x;
    x += width + LAYER_GAP;
    return left;
  });
  return { lefts, widths, width: x - LAYER_GAP + MARGIN };
}

/** Links enter a box one below the other, in the order in which they come. */
function entryOffsets(
  chains: readonly (readonly number[])[],
  items: readonly Item[],
  yOf: (item: number) => number,
): readonly number[] {
  const offsets = new Array<number>(chains.length).fill(0);
  const entering = new Map<number, number[]>();
  chains.forEach((chain, index) => {
    const target = chain.at(-1) ?? 0;
    entering.set(target, [...(entering.get(target) ?? []), index]);
  });
  const cameFrom = (index: number): number => yOf(chains[index]?.at(-2) ?? 0);
  for (const [target, indexes] of entering) {
    const height = items[target]?.height ?? 0;
    indexes
      .toSorted((one, other) => cameFrom(one) - cameFrom(other))
      .forEach((index, place) => (offsets[index] = (height * (place + 1)) / (indexes.length + 1)));
  }
  return offsets;
}
