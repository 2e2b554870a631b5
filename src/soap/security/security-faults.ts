/** Why a message is refused, in the words of WS-Security (SOAP Message Security 1.1.1, section 12). */
import type { Code } from "../../errors.js";
import { WSSE, WSU } from "../../namespaces.js";
import type { FaultName } from "../fault/fault-envelope.js";

interface SecurityFaultKind {
  readonly code: Code;
  readonly uri: string;
  readonly prefix: FaultName["prefix"];
}

const UNAUTHENTICATED = { code: "unauthenticated", prefix: "wsse", uri: WSSE } as const;
const UNSUPPORTED = { code: "unsupported", prefix: "wsse", uri: WSSE } as const;

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
  MessageExpired: { ...UNAUTHENTICATED, prefix: "wsu", uri: WSU },
} as const satisfies Record<string, SecurityFaultKind>;

export type SecurityFault = keyof typeof SECURITY_FAULTS;
