/** Which header blocks this gateway understands: the one list that every reader of requests is given. */
import type { Service } from "../contract/model.js";
import { addressingHeaders } from "./addressing/addressing-headers.js";
import type { HeaderKind } from "./header-kinds.js";
import type { SoapPolicy } from "./security/policy.js";
import { securityHeaders } from "./security/security-headers.js";

/**
 * A block of any other kind is refused when it must be understood, and else left alone. Addressing comes first, so that a
 * refusal of the security header is addressed too.
 */
export function understoodHeaders(service: Service, policy: SoapPolicy | undefined): readonly HeaderKind[] {
  const addressing = addressingHeaders(service, policy?.addressing === "required");
  return policy === undefined ? [addressing] : [addressing, securityHeaders(policy)];
}
