/** The part of a SOAP policy that callers may know, for the variant of the WSDL that states it. */
import type { SignaturePolicy, SoapPolicy, UsernameTokenPolicy } from "./policy.js";

export interface PublicPolicy {
  readonly addressing: SoapPolicy["addressing"];
  /** Absent where a message may do without a Security header and no token is known. */
  readonly security?: Pick<SoapPolicy, "timestamp" | "anonymous"> & {
    readonly usernameToken?: Pick<UsernameTokenPolicy, "use" | "passwordTypes">;
    readonly signature?: Pick<SignaturePolicy, "use" | "signedParts">;
  };
}

/** Neither users nor certificates are in it. Without a policy, addressing is all that can be stated. */
export function publicPolicy(policy: SoapPolicy | undefined): PublicPolicy {
  if (policy === undefined) return { addressing: "optional" };
  const { addressing, timestamp, anonymous, usernameToken, signature } = policy;
  if (timestamp === "optional" && usernameToken === undefined && signature === undefined)
    return { addressing };
  const tokens = {
    ...(usernameToken === undefined
      ? {}
      : { usernameToken: { use: usernameToken.use, passwordTypes: usernameToken.passwordTypes } }),
    ...(signature === undefined
      ? {}
      : { signature: { use: signature.use, signedParts: signature.signedParts } }),
  };
  return { addressing, security: { timestamp, anonymous, ...tokens } };
}
