/** New inputs from known ones: by bytes, by words of the format, and by the tags that XML is made of. */
import type { Random } from "./random.js";

/** Largest input that is made, in bytes. */
const MAX_LENGTH = 32 * 1024;

type Words = readonly (string | Uint8Array)[];

type Mutation = (input: Buffer, random: Random, corpus: readonly Uint8Array[], words: Words) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  // A bit, a byte, a run of bytes.
  (input, random) => {
    const copy = Buffer.from(input);
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (input, random) => splice(input, random.below(input.length), 1, Buffer.from([random.below(256)])),
  (input, random) => splice(input, random.below(input.length), 1 + random.below(16), Buffer.alloc(0)),
  (input, random) => {
    const at = random.below(input.length);
    return splice(input, at, 0, input.subarray(at, at + 1 + random.below(64)));
  },
  // Words of the format, once and often.
  (input, random, _corpus, words) => splice(input, random.below(input.length + 1), 0, wordOf(words, random)),
  (input, random, _corpus, words) =>
    splice(input, random.below(input.length), 1 + random.below(8), wordOf(words, random)),
  (input, random, _corpus, words) => {
    const word = wordOf(words, random);
    const often = Buffer.alloc(word.length << random.below(9), word);
    return splice(input, random.below(input.length + 1), 0, often);
  },
  // The beginning of one input and the end of another.
  (input, random, corpus) => {
    const other = random.pick(corpus);
    return Buffer.concat([
      input.subarray(0, random.below(input.length)),
      other.subarray(random.below(other.length)),
    ]);
  },
  // Tags and texts, lost, doubled, swapped or replaced.
  ...(["lose", "double", "swap", "replace", "attribute"] as const).map(
    (way): Mutation =>
      (input, random, _corpus, words) => {
        const tokens = input.toString("latin1").split(/(?=<)|(?<=>)/);
        const [first, second] = [random.below(tokens.length), random.below(tokens.length)];
        const [one = "", other = ""] = [tokens[first], tokens[second]];
        const word = wordOf(words, random).toString("latin1");
        if (way === "lose") tokens[first] = "";
        if (way === "double") tokens[first] = one + one;
        if (way === "swap") [tokens[first], tokens[second]] = [other, one];
        if (way === "replace") tokens[first] = one.startsWith("<") ? one : word;
        if (way === "attribute") tokens[first] = one.replace(/^<[^\s/>]+/, (name) => `${name} ${word}`);
        return Buffer.from(tokens.join(""), "latin1");
      },
  ),
];

/** One input, changed in one to four places. */
export function mutate(
  input: Uint8Array,
  random: Random,
  corpus: readonly Uint8Array[],
  words: Words,
): Buffer {
  let mutant: Buffer = Buffer.from(input);
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    if (mutant.length === 0) mutant = Buffer.from(random.pick(corpus));
    mutant = random.pick(MUTATIONS)(mutant, random, corpus, words).subarray(0, MAX_LENGTH);
  }
  return mutant;
}

function wordOf(words: Words, random: Random): Buffer {
  return Buffer.from(random.pick(words));
}

function splice(input: Buffer, at: number, length: number, replacement: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, at), replacement, input.subarray(at + length)]);
}
