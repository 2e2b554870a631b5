/** The few numbers that a benchmark needs. */

/** The middle value; the mean of the two middle ones for an even number. NaN for none. */
export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

/**
 * The smallest sample that at least `percent` of all samples do not exceed (nearest rank). NaN for no samples.
 * @param percent above 0, at most 100
 */
export function percentile(samples: readonly Float64Array[], percent: number): number {
  const sorted = join(samples).sort();
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same values in another order. */
export function shuffle<T>(values: readonly T[], random: () => number): readonly T[] {
  const keyed = values.map((value) => ({ value, key: random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value);
}

function join(samples: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(samples.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of samples) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
