/**
 * What the SOAP endpoints ask of a message beside its body: the policy file, read and made whole. Plain data, so that
 * it can be handed to the threads that read large messages. It holds secrets: it is never logged or printed.
 */

export type Use = "required" | "optional";

export const PASSWORD_TYPES = ["digest", "text"] as const;
export type PasswordType = (typeof PASSWORD_TYPES)[number];

export const SIGNED_PARTS = ["body", "timestamp", "usernameToken", "addressing"] as const;
export type SignedPart = (typeof SIGNED_PARTS)[number];

export interface SoapPolicy {
  /** Absent: a message that brings a UsernameToken is refused. */
  readonly usernameToken?: UsernameTokenPolicy;
  /** A Timestamp that is there is always checked. */
  readonly timestamp: Use;
  /** Absent: a message that brings a signature is refused. */
  readonly signature?: SignaturePolicy;
  /** WS-Addressing header blocks. */
  readonly addressing: Use;
  /** Whether a message may name nobody where tokens are optional; otherwise it has to bring one of them. */
  readonly anonymous: boolean;
  /** The deployer's word that nobody can read what callers send: TLS ends at or before this gateway. */
  readonly transportProtected: boolean;
  /** Oldest message that is taken, in seconds since its Created. */
  readonly maxAgeSeconds: number;
  /** How far the clocks of callers may be off, in seconds. */
  readonly clockSkewSeconds: number;
  /** Most messages that are remembered so as not to be taken twice. */
  readonly maxReplayEntries: number;
}

export interface UsernameTokenPolicy {
  readonly use: Use;
  readonly passwordTypes: readonly PasswordType[];
  readonly users: ReadonlyMap<string, Password>;
}

/** What is known of a user's password: itself, or something that it can be checked against. */
export type Password =
  | { readonly kind: "plain"; readonly password: string }
  | { readonly kind: "hash"; readonly hash: PasswordHash };

/** RFC 7914 scrypt. */
export interface PasswordHash {
  /** Binary logarithm of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

export interface SignaturePolicy {
  readonly use: Use;
  /** X.509 certificates, DER: exactly these may sign. */
  readonly certificates: readonly Uint8Array[];
  /** Certificates of authorities, DER: what they have issued may sign if it is listed below. */
  readonly authorities: readonly Uint8Array[];
  /** Subjects as RFC 2253 writes them. */
  readonly subjects: ReadonlySet<string>;
  /** SHA-256 over the certificate, 64 lower-case hexadecimal digits. */
  readonly thumbprints: ReadonlySet<string>;
  readonly signedParts: ReadonlySet<SignedPart>;
}
