/** Why a message is refused, in the words of WS-Security (SOAP Message Security 1.1.1, section 12). */
import { GatewayError, type Code } from "../../errors.js";
import { WSSE, WSU } from "./names.js";

interface SecurityFaultKind {
  readonly code: Code;
  readonly prefix: "wsse" | "wsu";
  readonly namespace: string;
}

const UNAUTHENTICATED = { code: "unauthenticated", prefix: "wsse", namespace: WSSE } as const;
const UNSUPPORTED = { code: "unsupported", prefix: "wsse", namespace: WSSE } as const;

/** Each word with our code and the namespace in which it is written. */
export const SECURITY_FAULTS = {
  /** The header is not formed as it has to be, or lacks what the policy asks for. */
  InvalidSecurity: UNAUTHENTICATED,
  InvalidSecurityToken: UNAUTHENTICATED,
  FailedAuthentication: UNAUTHENTICATED,
  /** The signature is not that of this message. */
  FailedCheck: UNAUTHENTICATED,
  SecurityTokenUnavailable: UNAUTHENTICATED,
  UnsupportedSecurityToken: UNSUPPORTED,
  UnsupportedAlgorithm: UNSUPPORTED,
  MessageExpired: { ...UNAUTHENTICATED, prefix: "wsu", namespace: WSU },
} as const satisfies Record<string, SecurityFaultKind>;

export type SecurityFault = keyof typeof SECURITY_FAULTS;

/** A message that WS-Security has refused. */
export class SecurityRefusal extends GatewayError {
  /**
   * @param message what the caller is told
   * @param detail what the log is told beside it: our words, without anything that was sent
   */
  constructor(
    readonly fault: SecurityFault,
    message: string,
    detail?: string,
  ) {
    super(SECURITY_FAULTS[fault].code, message, detail === undefined ? {} : { cause: new Error(detail) });
  }
}

/** The one answer to whatever is wrong with who somebody says to be: it must not tell who exists, or how near a guess was. */
export function failedAuthentication(detail: string): SecurityRefusal {
  return new SecurityRefusal("FailedAuthentication", "The caller could not be authenticated.", detail);
}
