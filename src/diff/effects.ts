/** What each difference does to the callers of each protocol. */
import type { Difference, Effects } from "./change.js";
import { INPUT_EFFECTS } from "./input-effects.js";
import { INTERFACE_EFFECTS } from "./interface-effects.js";
import { OUTPUT_EFFECTS } from "./output-effects.js";

export function effectsOf(difference: Difference): Effects {
  switch (difference.direction) {
    case "input":
      return INPUT_EFFECTS[difference.kind];
    case "output":
      return OUTPUT_EFFECTS[difference.kind];
    case "interface":
      return INTERFACE_EFFECTS[difference.kind];
  }
}
