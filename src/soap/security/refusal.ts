/** A message that WS-Security has refused. */
import { SoapRefusal } from "../fault/refusals.js";
import type { SecurityFault } from "./security-faults.js";

export class SecurityRefusal extends SoapRefusal {
  /**
   * @param message what the caller is told
   * @param detail what the log is told beside it: our words, without anything that was sent
   */
  constructor(
    readonly fault: SecurityFault,
    message: string,
    detail?: string,
  ) {
    super(fault, message, [], detail === undefined ? {} : { cause: new Error(detail) });
  }
}

/** The one answer to whatever is wrong with who somebody says to be: it must not tell who exists, or how near a guess was. */
export function failedAuthentication(detail: string): SecurityRefusal {
  return new SecurityRefusal("FailedAuthentication", "The caller could not be authenticated.", detail);
}
