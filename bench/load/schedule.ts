/** When the calls of an open loop are to be sent. */
import { seededRandom } from "../statistics.js";
import type { Arrivals } from "./load.js";

/**
 * Times of arrival in milliseconds from the beginning, in order, all of them before `durationMs`: the gaps of a Poisson
 * process are exponential. The same seed gives the same times.
 */
export function arrivalTimes({ perSecond, seed }: Arrivals, durationMs: number): Float64Array {
  const random = seededRandom(seed);
  const times: number[] = [];
  const meanGap = 1000 / perSecond;
  for (let at = gap(); at < durationMs; at += gap()) times.push(at);
  return Float64Array.from(times);

  function gap(): number {
    return -Math.log1p(-random()) * meanGap;
  }
}
