/** Which blocks of our code have run: V8's own counters, read inside the process. */
import { Session, type Profiler } from "node:inspector/promises";

export interface Coverage {
  /** The blocks that have run since the last time and are not yet known. */
  readonly take: () => Promise<readonly string[]>;
  readonly know: (blocks: readonly string[]) => void;
  /** How many are known. */
  readonly known: () => number;
  readonly stop: () => Promise<void>;
}

/** @param isOurs whether the code at a URL counts */
export async function startCoverage(isOurs: (url: string) => boolean): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set<string>();
  const blocksOf = ({ url, functions }: Profiler.ScriptCoverage): readonly string[] =>
    functions
      .flatMap(({ ranges }) => ranges)
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset }) => `${url} ${startOffset} ${endOffset}`)
      .filter((block) => !seen.has(block));
  return {
    async take() {
      const { result } = await session.post("Profiler.takePreciseCoverage");
      return result.filter(({ url }) => isOurs(url)).flatMap(blocksOf);
    },
    know: (blocks) => blocks.forEach((block) => seen.add(block)),
    known: () => seen.size,
    async stop() {
      await session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}
