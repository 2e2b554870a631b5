/**
 * The lines in which calls wait, one for each flow, and whose turn it is: self-clocked fair queueing (S. J. Golestani,
 * "A Self-Clocked Fair Queueing Scheme for Broadband Applications", IEEE INFOCOM 1994) with one call as the unit of
 * work, because nobody knows beforehand how long a call will take.
 *
 * Every line has a moment of virtual time at which its first call is due, 1 / weight after its previous one; the line
 * that is due first goes first, and virtual time moves on to that moment. A line that joins is due 1 / weight from now.
 * So a line that is empty can be forgotten: no memory of it is needed to be fair, and coming back brings no advantage.
 */
import { DEFAULT_URGENCY, type Flow, type Urgency } from "../call/flow.js";
import { createHeap, type Heap } from "./heap.js";

/**
 * Turns of a line relative to the others. Each step of urgency doubles them, which puts the urgent first and still
 * gives the last one a turn in 129 against one most urgent line. Powers of two keep virtual time exact.
 */
export const WEIGHTS = {
  0: 128,
  1: 64,
  2: 32,
  3: 16,
  4: 8,
  5: 4,
  6: 2,
  7: 1,
} as const satisfies Record<Urgency, number>;

interface Line<T> {
  readonly key: string;
  readonly weight: number;
  first: Place<T> | undefined;
  last: Place<T> | undefined;
  calls: number;
  bytes: number;
  /** Moment of virtual time at which its first call is due. */
  dueAt: number;
  /** Grows with every turn: of two lines due together the one that waits longer goes first. Negative: put back. */
  turn: number;
}

/** One item in its line. */
export interface Place<T> {
  readonly item: T;
  readonly bytes: number;
  readonly line: Line<T>;
  previous: Place<T> | undefined;
  next: Place<T> | undefined;
}

/** What a bound can be on. */
export const MEASURES = ["calls", "bytes"] as const;
export type Measure = (typeof MEASURES)[number];

export interface FairLines<T> {
  readonly calls: number;
  readonly bytes: number;
  /** Adds an item at the end of its line. */
  append(flow: Flow, item: T, bytes: number): Place<T>;
  /** Puts an item that was next before the first of its line; its turn has been counted already. */
  putBack(flow: Flow, item: T, bytes: number): Place<T>;
  /** The item whose turn it is leaves its line. */
  next(): Place<T> | undefined;
  /** An item leaves from wherever it stands, without a turn. */
  remove(place: Place<T>): void;
  /** What the line of this flow holds. */
  held(flow: Flow, measure: Measure): number;
  /** What the line that holds most has. */
  most(measure: Measure): number;
  /** The newest item of the line that holds most. */
  newestOfMost(measure: Measure): Place<T> | undefined;
  /** How many items have their turn before one that joined this line now. */
  callsAhead(flow: Flow): number;
}

export function createFairLines<T>(): FairLines<T> {
  const lines = new Map<string, Line<T>>();
  const byTurn = createHeap<Line<T>>((a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.turn < b.turn));
  const bySize: Readonly<Record<Measure, Heap<Line<T>>>> = {
    calls: createHeap((a, b) => a.calls > b.calls),
    bytes: createHeap((a, b) => a.bytes > b.bytes),
  };
  let virtualTime = 0;
  let turns = 0;
  let weights = 0;
  const total = { calls: 0, bytes: 0 };

  /** The line of a flow, made if there is none. */
  const lineOf = (flow: Flow): Line<T> => {
    const key = keyOf(flow);
    const known = lines.get(key);
    if (known !== undefined) return known;
    const weight = weightOf(flow);
    const line: Line<T> = {
      ...{ key, weight, first: undefined, last: undefined, calls: 0, bytes: 0 },
      ...{ dueAt: virtualTime + 1 / weight, turn: (turns += 1) },
    };
    lines.set(key, line);
    weights += weight;
    byTurn.add(line);
    bySize.calls.add(line);
    bySize.bytes.add(line);
    return line;
  };

  /** Counts what came or went; an empty line is forgotten. */
  const count = (line: Line<T>, calls: 1 | -1, bytes: number): void => {
    line.calls += calls;
    line.bytes += calls * bytes;
    total.calls += calls;
    total.bytes += calls * bytes;
    if (line.calls > 0) {
      bySize.calls.update(line);
      bySize.bytes.update(line);
      return;
    }
    lines.delete(line.key);
    weights -= line.weight;
    byTurn.remove(line);
    bySize.calls.remove(line);
    bySize.bytes.remove(line);
  };

  const unlink = (place: Place<T>): void => {
    const { line, previous, next } = place;
    if (previous === undefined) line.first = next;
    else previous.next = next;
    if (next === undefined) line.last = previous;
    else next.previous = previous;
    // A call that has left, and has grown old by then, would keep all that came after it until the next full collection.
    place.previous = undefined;
    place.next = undefined;
    count(line, -1, place.bytes);
  };

  return {
    get calls() {
      return total.calls;
    },
    get bytes() {
      return total.bytes;
    },
    append(flow, item, bytes) {
      const line = lineOf(flow);
      const place: Place<T> = { item, bytes, line, previous: line.last, next: undefined };
      if (line.last === undefined) line.first = place;
      else line.last.next = place;
      line.last = place;
      count(line, 1, bytes);
      return place;
    },
    putBack(flow, item, bytes) {
      const line = lineOf(flow);
      line.dueAt -= 1 / line.weight;
      line.turn = -(turns += 1);
      byTurn.update(line);
      const place: Place<T> = { item, bytes, line, previous: undefined, next: line.first };
      if (line.first === undefined) line.last = place;
      else line.first.previous = place;
      line.first = place;
      count(line, 1, bytes);
      return place;
    },
    next() {
      const line = byTurn.first;
      const place = line?.first;
      if (line === undefined || place === undefined) return undefined;
      virtualTime = Math.max(virtualTime, line.dueAt);
      line.dueAt += 1 / line.weight;
      line.turn = turns += 1;
      byTurn.update(line);
      unlink(place);
      return place;
    },
    remove: unlink,
    held: (flow, measure) => lines.get(keyOf(flow))?.[measure] ?? 0,
    most: (measure) => bySize[measure].first?.[measure] ?? 0,
    newestOfMost: (measure) => bySize[measure].first?.last,
    callsAhead(flow) {
      const line = lines.get(keyOf(flow));
      const weight = weightOf(flow);
      // Until the newcomer is due, every other line has its weight times that stretch of virtual time in turns.
      const dueIn = line === undefined ? 1 / weight : line.dueAt - virtualTime + line.calls / weight;
      const others = (weights - (line?.weight ?? 0)) * dueIn;
      return Math.min(total.calls, Math.ceil((line?.calls ?? 0) + others));
    },
  };
}

function keyOf({ caller, urgency = DEFAULT_URGENCY }: Flow): string {
  // With a separator, so that a caller whose key is empty is not mistaken for one without a key.
  return caller === undefined ? `${urgency}` : `${urgency}:${caller}`;
}

function weightOf({ urgency = DEFAULT_URGENCY }: Flow): number {
  return WEIGHTS[urgency];
}
