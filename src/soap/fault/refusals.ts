/** Refusals for which SOAP, HTTP or a specification of a header has a word of its own: a closed list and its table. */
import { GatewayError, type Code, type GatewayErrorOptions } from "../../errors.js";
import { ADDRESSING_FAULTS } from "../addressing/names.js";
import type { FaultCode, FaultName } from "./fault-envelope.js";
import { SECURITY_FAULTS, type SecurityFault } from "../security/security-faults.js";
import type { XmlName } from "../xml/xml-reader.js";

/** A fault, in the words of SOAP 1.1. */
export interface FaultKind {
  readonly faultcode: FaultCode;
  /**
   * WS-I R1126: a fault is 500, with a `Retry-After` beside it where the call may be repeated; many clients do not
   * look for a fault under 503. Other numbers only where HTTP itself, not the service, has the last word.
   */
  readonly status: number;
}

export interface RefusalKind extends FaultKind {
  readonly code: Code;
  /** What of the message is refused. A fault about the header has no detail (SOAP 1.1 section 4.4). */
  readonly about: "body" | "envelope" | "addressing" | "security";
  /** Words of another specification, from the general to the exact; absent: SOAP's own says enough. */
  readonly subcodes?: readonly FaultName[];
}

const SENDER = { faultcode: "Client", status: 500 } as const;
const { invalidHeader, headerRequired, actionNotSupported } = ADDRESSING_FAULTS;

/** @param exact what is wrong with the header; absent: nothing that has a name */
function addressing(exact?: FaultName): RefusalKind {
  const subcodes = exact === undefined ? [invalidHeader] : [invalidHeader, exact];
  return { ...SENDER, code: "invalid_input", about: "addressing", subcodes };
}

/** The word of WS-Security is the reason. A fault of 401 would be taken for one of HTTP by most clients, and not read. */
function security(local: SecurityFault): RefusalKind {
  const { code, uri, prefix } = SECURITY_FAULTS[local];
  return { ...SENDER, code, about: "security", subcodes: [{ uri, prefix, local }] };
}

const REFUSALS = {
  media_type: { code: "unsupported", about: "body", faultcode: "Client", status: 415 },
  version: { code: "unsupported", about: "envelope", faultcode: "VersionMismatch", status: 500 },
  /** SOAP 1.2 part 1, appendix A: who sent SOAP 1.1 is told so in SOAP 1.1. */
  older_version: { code: "unsupported", about: "envelope", faultcode: "VersionMismatch", status: 500 },
  must_understand: { code: "unsupported", about: "envelope", faultcode: "MustUnderstand", status: 500 },
  addressing_invalid: addressing(),
  addressing_cardinality: addressing(ADDRESSING_FAULTS.invalidCardinality),
  addressing_address: addressing(ADDRESSING_FAULTS.invalidAddress),
  addressing_endpoint: addressing(ADDRESSING_FAULTS.invalidEndpoint),
  addressing_address_missing: addressing(ADDRESSING_FAULTS.missingAddress),
  addressing_action_mismatch: addressing(ADDRESSING_FAULTS.actionMismatch),
  addressing_anonymous_only: {
    ...addressing(ADDRESSING_FAULTS.onlyAnonymous),
    code: "unsupported",
  },
  addressing_required: { ...addressing(), subcodes: [headerRequired] },
  addressing_action: { ...addressing(), code: "not_found", subcodes: [actionNotSupported] },
  InvalidSecurity: security("InvalidSecurity"),
  InvalidSecurityToken: security("InvalidSecurityToken"),
  FailedAuthentication: security("FailedAuthentication"),
  FailedCheck: security("FailedCheck"),
  SecurityTokenUnavailable: security("SecurityTokenUnavailable"),
  UnsupportedSecurityToken: security("UnsupportedSecurityToken"),
  UnsupportedAlgorithm: security("UnsupportedAlgorithm"),
  MessageExpired: security("MessageExpired"),
} as const satisfies Record<string, RefusalKind>;

export type RefusalReason = keyof typeof REFUSALS;

/** A `GatewayError` for one of the reasons that have a word of their own. */
export class SoapRefusal extends GatewayError {
  /**
   * @param headers the header blocks that are refused; a fault may name them
   */
  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly headers: readonly XmlName[] = [],
    options: Pick<GatewayErrorOptions, "cause"> = {},
  ) {
    super(REFUSALS[reason].code, message, options);
  }
}

/** What is special about a failure; `undefined` for one that has the fault of its code. */
export function refusalKind(error: GatewayError): RefusalKind | undefined {
  return error instanceof SoapRefusal ? REFUSALS[error.reason] : undefined;
}
