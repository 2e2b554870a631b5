/**
 * Secured messages to begin with. What is another with every key has a name in them instead, so that an input says the
 * same in every run, though the keys are made when they are needed.
 */
import { createHash } from "node:crypto";
import { WSA } from "../../../src/namespaces.js";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import { envelope, NAMESPACE } from "../../soap/soap-harness.js";
import {
  at,
  binaryToken,
  digestToken,
  NOW,
  policyOf,
  secured,
  signed,
  SIGNATURE_HERE,
  textToken,
  timestamp,
  type SigningOptions,
} from "../../soap/security/secured.js";
import { ecKey, makeIdentity, type Identity } from "../../support/certificates.js";

/** The only user. */
export const USER = { name: "cics", password: "s3cret" };

export interface SecuredSeeds {
  readonly seeds: readonly string[];
  /** A text with the values in the place of their names. */
  readonly withValues: (text: string) => string;
  readonly policies: Readonly<Record<"signature" | "anonymous" | "everything" | "tokens", SoapPolicy>>;
}

export function securedSeeds(): SecuredSeeds {
  const valid = { validFrom: new Date(NOW - 60_000), validTo: new Date(NOW + 86_400_000) };
  const rsa = makeIdentity(valid);
  const ec = makeIdentity({ ...valid, key: ecKey() });
  const sign = (identity: Identity, text: string, options: Partial<SigningOptions> = {}): string =>
    signed(text, { key: identity.privateKey, ...options });
  const curve = { algorithm: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" };
  const token = (byte: number): string =>
    digestToken({ ...USER, nonce: Buffer.alloc(16, byte), created: at(byte) });
  const messages = [
    sign(rsa, secured(timestamp() + binaryToken(rsa) + SIGNATURE_HERE, paying(1))),
    sign(ec, secured(timestamp(at(1)) + binaryToken(ec) + SIGNATURE_HERE, paying(2)), curve),
    sign(rsa, secured(binaryToken(rsa) + SIGNATURE_HERE + timestamp(at(2)), paying(3)), {
      prefixes: "s wsu",
    }),
    sign(
      rsa,
      addressed(secured(timestamp(at(3)) + token(3) + binaryToken(rsa) + SIGNATURE_HERE, paying(4))),
      {
        ids: ["body", "ts", "ut", "action", "id"],
      },
    ),
    secured(token(5), paying(5)),
    secured(timestamp(at(6)) + textToken(), paying(6)),
    envelope(paying(7)),
  ];
  const values = new Map<string, string>();
  const seeds = messages.map((text) => {
    let named = text;
    for (const value of volatileIn(text)) {
      const name = [...values].find(([, known]) => known === value)?.[0] ?? `value-${values.size}`;
      values.set(name, value);
      // In two halves, so that something can come between them.
      named = named.replaceAll(value, `{${name}.0}{${name}.1}`);
    }
    return named;
  });
  return { seeds, withValues: (text) => fillIn(text, values), policies: policiesOf(rsa, ec) };
}

/** A payload that tells which message it is of. */
function paying(amount: number): string {
  return (
    `<Evaluate xmlns="${NAMESPACE}"><application><row><applicationId>A${amount}</applicationId>` +
    `<requestedAmount>${amount}.00</requestedAmount></row></application></Evaluate>`
  );
}

function addressed(text: string): string {
  const blocks =
    `<a:Action xmlns:a="${WSA}" wsu:Id="action">${NAMESPACE}:Evaluate</a:Action>` +
    `<a:MessageID xmlns:a="${WSA}" wsu:Id="id">urn:x:1</a:MessageID>`;
  return text.replace("</s:Header>", `${blocks}</s:Header>`);
}

/** Certificates and values of signatures. */
function volatileIn(text: string): readonly string[] {
  const elements = text.matchAll(/<(?:wsse:BinarySecurityToken|ds:SignatureValue)[^>]*>([^<]+)</g);
  return [...elements].map(([, value = ""]) => value);
}

function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{(value-\d)\.([01])\}/g, (whole, name: string, half: string) => {
    const value = values.get(name);
    if (value === undefined) return whole;
    const middle = value.length >> 1;
    return half === "0" ? value.slice(0, middle) : value.slice(middle);
  });
}

function policiesOf(...identities: readonly Identity[]): SecuredSeeds["policies"] {
  const signature = {
    certificates: identities.map(({ certificate }) => certificate.raw),
    authorities: [],
    subjects: new Set<string>(),
    thumbprints: new Set<string>(),
  };
  const usernameToken = {
    passwordTypes: ["digest", "text"] as const,
    users: new Map([[USER.name, { kind: "plain", password: USER.password } as const]]),
  };
  const both = new Set(["body", "timestamp"] as const);
  const all = new Set(["body", "timestamp", "usernameToken", "addressing"] as const);
  return {
    signature: policyOf({ signature: { ...signature, use: "required", signedParts: both } }),
    anonymous: policyOf({ anonymous: true, signature: { ...signature, use: "optional", signedParts: both } }),
    everything: policyOf({
      timestamp: "required",
      usernameToken: { ...usernameToken, use: "optional" },
      signature: { ...signature, use: "required", signedParts: all },
    }),
    tokens: policyOf({ transportProtected: true, usernameToken: { ...usernameToken, use: "required" } }),
  };
}

/** The digest of the only user's password (Username Token Profile 1.1.1, section 3.1). */
export function digestOf(nonce: string, created: string): string {
  const hash = createHash("sha1").update(Buffer.from(nonce, "base64"));
  return hash.update(created).update(USER.password).digest("base64");
}
