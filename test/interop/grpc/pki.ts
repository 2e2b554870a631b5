/** Two authorities and what they signed, in files as gateways and clients take them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ecKey, makeIdentity, type CertificateOptions, type Identity } from "../../support/certificates.js";

export interface Files {
  readonly certificate: string;
  readonly key: string;
}

/** Paths of PEM files. */
export interface Pki {
  readonly ca: string;
  readonly otherCa: string;
  readonly server: Files;
  readonly client: Files;
  /** Of the other authority. */
  readonly stranger: Files;
  /** Puts a certificate by the other authority in the place of that of the server. */
  renew(): void;
}

export function makePki(folder: string): Pki {
  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const writeIdentity = (name: string, { privateKey, pem }: Identity): Files => ({
    certificate: write(`${name}.pem`, pem),
    key: write(`${name}.key.pem`, privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
  });
  const [authority, other] = ["authority", "other authority"].map((name) =>
    makeIdentity({ names: [name], key: ecKey(), isAuthority: true }),
  );
  assert.ok(authority !== undefined && other !== undefined);
  const issue = (issuer: Identity, options: CertificateOptions): Identity =>
    makeIdentity({ issuer, key: ecKey(), ...options });
  const gateway: CertificateOptions = {
    names: ["gateway"],
    alternatives: [{ kind: "dns", value: "localhost" }],
    purpose: "server",
  };
  return {
    ca: write("ca.pem", authority.pem),
    otherCa: write("other-ca.pem", other.pem),
    server: writeIdentity("server", issue(authority, gateway)),
    client: writeIdentity("client", issue(authority, { purpose: "client" })),
    stranger: writeIdentity("stranger", issue(other, { purpose: "client" })),
    renew: () => void writeIdentity("server", issue(other, gateway)),
  };
}
