/** All scenarios. Another one is another file here and its rows below. */
import { BARE } from "./bare.js";
import { CODEC } from "./codec.js";
import { LOOP } from "./loop.js";
import { MEMORY } from "./memory.js";
import { POOL } from "./pool.js";
import { RECOVERY } from "./recovery.js";
import { REFUSAL } from "./refusal.js";
import { STREAM } from "./stream.js";
import type { Scenario } from "./scenario.js";

export type { Scenario } from "./scenario.js";

export const SCENARIOS: readonly Scenario[] = [
  ...BARE,
  ...CODEC,
  ...POOL,
  ...RECOVERY,
  ...MEMORY,
  ...LOOP,
  ...STREAM,
  ...REFUSAL,
];
