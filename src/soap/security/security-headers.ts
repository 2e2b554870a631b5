/** WS-Security among the header blocks that are understood. */
import type { SecurityHeader } from "../../call/message-header.js";
import { element } from "../../xml-printer.js";
import { WSSE, WSU } from "../../namespaces.js";
import type { HeaderKind } from "../header-kinds.js";
import type { SoapPolicy } from "./policy.js";
import { SecurityRefusal } from "./refusal.js";
import { createSecurityVerifier, isSecurityHeader, requiresSecurity } from "./verify-security.js";

/** @param now milliseconds since 1970 */
export function securityHeaders(policy: SoapPolicy, now: () => number = Date.now): HeaderKind {
  const verify = createSecurityVerifier(policy);
  return {
    required: requiresSecurity(policy),
    understands: isSecurityHeader,
    read(message) {
      try {
        const security = verify(message, now());
        return { header: security === undefined ? {} : { security } };
      } catch (error) {
        if (error instanceof SecurityRefusal) return { header: {}, problem: error };
        throw error;
      }
    },
    answer: ({ security }) => securityReplyHeader(policy, security, now()),
  };
}

/**
 * The Security header of a reply: a Timestamp where the request had one, or where the policy requires one of both sides
 * (WS-SecurityPolicy 1.2, section 6.2). Nothing in a reply is signed.
 * @param now milliseconds since 1970
 */
export function securityReplyHeader(
  { timestamp, maxAgeSeconds }: SoapPolicy,
  request: SecurityHeader | undefined,
  now: number,
): string {
  if (timestamp !== "required" && request?.isTimestamped !== true) return "";
  const moment = (name: string, at: number): string => element(`wsu:${name}`, new Date(at).toISOString());
  const moments = moment("Created", now) + moment("Expires", now + maxAgeSeconds * 1000);
  return element("wsse:Security", element("wsu:Timestamp", moments), {
    "xmlns:wsse": WSSE,
    "xmlns:wsu": WSU,
  });
}
