/** The Security header of a message against the policy (SOAP Message Security 1.1.1). A pure function of both and the time. */
import type { SecurityHeader } from "../../call/message-header.js";
import { WSSE } from "../../namespaces.js";
import type { HeaderedMessage } from "../header-kinds.js";
import type { XmlName } from "../xml/xml-reader.js";
import type { Instant } from "./instant.js";
import type { SoapPolicy } from "./policy.js";
import { SecurityRefusal } from "./refusal.js";
import { replayKey } from "./replay-key.js";
import { takeApart, type SecuredMessage } from "./secured-message.js";
import { verifyTimestamp } from "./timestamp.js";
import { createTrust, type Trust } from "./trust.js";
import { verifyUsernameToken } from "./username-token.js";
import { verifySignature } from "./verify-signature.js";

/**
 * @param now milliseconds since 1970
 * @returns `undefined` for a message without a Security header, where none is required
 * @throws SecurityRefusal
 */
export type SecurityVerifier = (
  message: Pick<HeaderedMessage, "envelope" | "blocks" | "body">,
  now: Instant,
) => SecurityHeader | undefined;

export function isSecurityHeader({ uri, local }: XmlName): boolean {
  return uri === WSSE && local === "Security";
}

/** Whether a message without a Security header has to be refused. */
export function requiresSecurity({ usernameToken, timestamp, signature, anonymous }: SoapPolicy): boolean {
  const isRequired = [timestamp, usernameToken?.use, signature?.use].includes("required");
  return isRequired || (!anonymous && (usernameToken !== undefined || signature !== undefined));
}

/** Compiles a policy, once for each thread. */
export function createSecurityVerifier(policy: SoapPolicy): SecurityVerifier {
  const { usernameToken, signature } = policy;
  const trust = signature === undefined ? undefined : createTrust(signature);
  return ({ envelope, blocks, body }, now) => {
    const [security, ...more] = blocks.filter(isSecurityHeader);
    if (security === undefined) {
      if (requiresSecurity(policy)) throw invalid("A wsse:Security header is required.");
      return undefined;
    }
    if (more.length > 0) throw invalid("Only one wsse:Security header may be for this service.");
    const message = takeApart(envelope, body, security);
    checkParts(message, policy);
    const { Timestamp, UsernameToken } = message.parts;
    const until = Timestamp === undefined ? undefined : verifyTimestamp(Timestamp, policy, now);
    const token =
      UsernameToken === undefined || usernameToken === undefined
        ? undefined
        : verifyUsernameToken(UsernameToken, usernameToken, policy, now);
    const signed = verifyIfSigned(message, policy, trust, now);
    const replay = token?.replay ?? [];
    const signedOnce =
      signed === undefined || until === undefined
        ? []
        : [replayKey(["signature", ...signed.identity], until)];
    return {
      caller: token?.caller ?? signed?.caller,
      replay: [...replay, ...signedOnce],
      ...(token?.unproven === undefined ? {} : { unproven: token.unproven }),
      isTimestamped: Timestamp !== undefined,
    };
  };
}

function verifyIfSigned(
  message: SecuredMessage,
  { signature }: SoapPolicy,
  trust: Trust | undefined,
  now: Instant,
): ReturnType<typeof verifySignature> | undefined {
  const { Signature } = message.parts;
  if (Signature === undefined || signature === undefined || trust === undefined) return undefined;
  return verifySignature(Signature, message, signature, trust, now);
}

/** What has to be there is there, and what nobody has asked for is not: a token that is not checked must not be believed. */
function checkParts({ parts }: SecuredMessage, policy: SoapPolicy): void {
  const { Timestamp, UsernameToken, BinarySecurityToken, Signature } = parts;
  const { usernameToken, signature, timestamp, anonymous } = policy;
  if (Timestamp === undefined && timestamp === "required") throw invalid("A Timestamp is required.");
  if (UsernameToken === undefined && usernameToken?.use === "required") {
    throw invalid("A UsernameToken is required.");
  }
  if (Signature === undefined && signature?.use === "required") throw invalid("A Signature is required.");
  if (UsernameToken !== undefined && usernameToken === undefined) throw unsupported("UsernameToken");
  if (Signature !== undefined && signature === undefined) throw unsupported("Signature");
  if (BinarySecurityToken !== undefined && Signature === undefined) {
    throw unsupported("BinarySecurityToken without a Signature");
  }
  const asksForCaller = usernameToken !== undefined || signature !== undefined;
  if (asksForCaller && !anonymous && UsernameToken === undefined && Signature === undefined) {
    throw invalid("A UsernameToken or a Signature is required.");
  }
}

function invalid(message: string): SecurityRefusal {
  return new SecurityRefusal("InvalidSecurity", message);
}

function unsupported(what: string): SecurityRefusal {
  return new SecurityRefusal("UnsupportedSecurityToken", `This service takes no ${what}.`);
}
