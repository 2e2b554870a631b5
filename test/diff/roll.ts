/** Dice that fall the same way for the same seed (mulberry32). */

export interface Roll {
  /** A whole number from 0 to `bound - 1`; 0 for a bound of 0. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Any of the items, in their order. */
  some<T>(items: readonly T[]): readonly T[];
}

export function rollFrom(seed: number): Roll {
  let state = (seed + 1) * 0x9e3779b1;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (bound) => Math.floor(next() * bound),
    chance: (probability) => next() < probability,
    pick(items) {
      const index = Math.floor(next() * items.length);
      const [item] = items.slice(index);
      if (index >= items.length) throw new RangeError("There is nothing to pick from.");
      return item as (typeof items)[number];
    },
    some: (items) => items.filter(() => next() < 0.5),
  };
}
