/** WS-Security of a gateway: one memory for all of its endpoints, so that no message passes at two of them. */
import { createCallerGate, type CallerGate } from "./admit-caller.js";
import type { SoapPolicy } from "./policy.js";

export interface SoapSecurity {
  readonly policy: SoapPolicy;
  readonly admit: CallerGate;
}

/** @param now milliseconds since 1970 */
export function createSoapSecurity(policy: SoapPolicy, now?: () => number): SoapSecurity {
  return { policy, admit: createCallerGate(policy, now) };
}
