/** The Timestamp of a message (SOAP Message Security 1.1.1, section 10). */
import { WSU } from "../../namespaces.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { checkFreshness, instantOf, type Instant } from "./instant.js";
import type { SoapPolicy } from "./policy.js";
import { childrenOf } from "./read-element.js";
import { SecurityRefusal } from "./refusal.js";

/**
 * Holds that a Timestamp is of now.
 * @returns the last moment at which it would still be taken
 * @throws SecurityRefusal
 */
export function verifyTimestamp(timestamp: XmlElement, policy: SoapPolicy, now: Instant): Instant {
  const { Created, Expires } = childrenOf(timestamp, { Created: WSU, Expires: WSU });
  if (Created === undefined) throw new SecurityRefusal("InvalidSecurity", "The Timestamp has no Created.");
  const created = instantOf(Created);
  const expires = Expires === undefined ? undefined : instantOf(Expires);
  if (expires !== undefined && expires <= created) {
    throw new SecurityRefusal("InvalidSecurity", "The Timestamp expires before it is created.");
  }
  return checkFreshness({ created, expires }, policy, now);
}
