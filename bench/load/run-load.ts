/** Runs a load of either kind. */
import { runClosedLoop } from "./closed-loop.js";
import type { Load, LoadResult } from "./load.js";
import { runOpenLoop } from "./open-loop.js";

/** Never rejects: whatever goes wrong is counted. */
export function runLoad(load: Load): Promise<LoadResult> {
  const { arrivals } = load;
  return arrivals === undefined ? runClosedLoop(load) : runOpenLoop({ ...load, arrivals });
}
