/**
 * The rules of the WS-I Basic Profile 1.1 for messages, each with the number of its requirement, over one captured exchange. For
 * SOAP 1.2 they are those of Basic Profile 2.0, where it says the same. A rule about a request says what the reply to
 * a request that breaks it must be.
 */
import { ENVELOPE_RULES } from "./envelope-rules.js";
import type { View } from "./exchange.js";
import { FAULT_RULES } from "./fault-rules.js";
import { HTTP_RULES } from "./http-rules.js";
import { OWN_RULES } from "./own-rules.js";
import { REQUEST_RULES } from "./request-rules.js";

export interface MessageRule {
  /** `R1126` of the profile; what is not of the profile has a word in front. */
  readonly id: string;
  readonly says: string;
  /** What breaks it, without a value of the caller's; empty when nothing does or the rule does not apply. */
  readonly broken: (view: View) => readonly string[];
}

export const MESSAGE_RULES: readonly MessageRule[] = [
  ...HTTP_RULES,
  ...REQUEST_RULES,
  ...ENVELOPE_RULES,
  ...FAULT_RULES,
  ...OWN_RULES,
];
