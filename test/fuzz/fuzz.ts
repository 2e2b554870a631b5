/**
 * A fuzzer guided by coverage: inputs are changed at random, and those that reach code which nothing reached before are changed
 * further (docs/decisions/0010-own-fuzzer.md).
 */
import { startCoverage } from "./coverage.js";
import type { FuzzTarget } from "./fuzz-target.js";
import { holdProperties } from "./hold-properties.js";
import { minimise } from "./minimise.js";
import { mutate } from "./mutate.js";
import { createRandom } from "./random.js";

export interface FuzzOptions {
  readonly seed: number;
  /** When it stops, on the clock of `performance.now()`. */
  readonly until: number;
  /** Most inputs that are tried. */
  readonly most?: number;
  /** Gets every failure once, made as small as it goes. */
  readonly onFailure: (input: Uint8Array, problem: string) => void;
}

export interface FuzzReport {
  readonly tried: number;
  /** Inputs that reached something new, seeds included. */
  readonly corpus: number;
  readonly blocks: number;
  readonly failures: number;
}

/** Inputs between two looks at the counters, which cost as much as many inputs. */
const BATCH = 64;

/** Different failures after which a run stops: what comes then is more of the same. */
const MOST_FAILURES = 10;

export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const { seed, until, most = Infinity, onFailure } = options;
  const random = createRandom(seed);
  const coverage = await startCoverage((url) => url.includes("/dist/src/"));
  const corpus: Uint8Array[] = [...target.seeds];
  const problems = new Set<string>();
  let tried = 0;

  const attempt = async (input: Uint8Array): Promise<void> => {
    tried += 1;
    const problem = await problemOf(target, input);
    if (problem === undefined || problems.has(problem)) return;
    problems.add(problem);
    const smallest = await minimise(input, async (shorter) => (await problemOf(target, shorter)) === problem);
    onFailure(smallest, problem);
  };

  for (const input of target.seeds) await attempt(input);
  coverage.know(await coverage.take());
  while (performance.now() < until && tried < most && problems.size < MOST_FAILURES) {
    const batch = Array.from({ length: BATCH }, () =>
      mutate(random.pick(corpus), random, corpus, target.words),
    );
    for (const input of batch) await attempt(input);
    const news = await coverage.take();
    if (news.length === 0) continue;
    corpus.push(...(await causes(batch)));
    coverage.know(news);
  }
  await coverage.stop();
  return { tried, corpus: corpus.length, blocks: coverage.known(), failures: problems.size };

  /** Those of the inputs that reach what is not known: half of them at a time, because reading the counters is dear. */
  async function causes(inputs: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    for (const input of inputs) await problemOf(target, input);
    const reached = await coverage.take();
    if (reached.length === 0) return [];
    if (inputs.length === 1) {
      coverage.know(reached);
      return inputs;
    }
    const middle = inputs.length >> 1;
    return [...(await causes(inputs.slice(0, middle))), ...(await causes(inputs.slice(middle)))];
  }
}

/** What is wrong, in words that are the same for the same failure; absent when nothing is. */
async function problemOf(target: FuzzTarget, input: Uint8Array): Promise<string | undefined> {
  try {
    await holdProperties(target, input);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return (text.split("\n")[0] ?? "").replace(/\d+/g, "N");
  }
}
