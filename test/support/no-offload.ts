/** For faces whose messages in a test are all small: nothing of them is ever worked on elsewhere. */
import assert from "node:assert/strict";
import type { Offload } from "../../src/call/offload.js";

export const NO_OFFLOAD: Offload = {
  prepare: () => assert.fail("a small message was worked on elsewhere"),
  finish: () => assert.fail("a small result was worked on elsewhere"),
};
