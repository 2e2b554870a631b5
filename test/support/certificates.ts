/** X.509 certificates made when a test needs them (RFC 5280), good and bad ones, so that no key is kept in the repository. */
import { generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";

export interface Identity {
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
  readonly pem: string;
}

export interface CertificateOptions {
  /** Absent: signed by its own key. */
  readonly issuer?: Identity;
  /** Absent: RSA of 2048 bits. */
  readonly key?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** Names under the subject's country and organisation; the last is the common name. */
  readonly names?: readonly string[];
  readonly validFrom?: Date;
  readonly validTo?: Date;
  readonly isAuthority?: boolean;
  /** Bits of the first byte, 0x80 being digitalSignature. Absent: no such extension. */
  readonly keyUsage?: number;
  /** Alternative names, in this order. Absent: no such extension. */
  readonly alternatives?: readonly AlternativeName[];
  /** What the certificate is for; absent: for anything. */
  readonly purpose?: "server" | "client";
  readonly hash?: "sha1" | "sha256";
  readonly serial?: bigint;
}

export interface AlternativeName {
  readonly kind: "uri" | "dns" | "ip";
  readonly value: string;
}

/** Context tags of a GeneralName (RFC 5280, 4.2.1.6). */
const NAME_TAGS = { uri: 0x86, dns: 0x82, ip: 0x87 } as const;
const PURPOSES = { server: "2b06010505070301", client: "2b06010505070302" } as const;

const DAY_MS = 86_400_000;

export function rsaKey(bits = 2048): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("rsa", { modulusLength: bits });
}

export function ecKey(curve = "prime256v1"): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: curve });
}

export function makeIdentity(options: CertificateOptions = {}): Identity {
  const { key = rsaKey(), issuer, names = ["client"], hash = "sha256" } = options;
  const { validFrom = new Date(Date.now() - DAY_MS), validTo = new Date(Date.now() + DAY_MS) } = options;
  const signer = issuer?.privateKey ?? key.privateKey;
  const algorithm = algorithmOf(signer, hash);
  const subject = nameOf(names);
  const extensions = [
    ...(options.isAuthority === true ? [extension("551d13", sequence(tlv(0x01, Buffer.from([0xff]))))] : []),
    ...(options.keyUsage === undefined
      ? []
      : [extension("551d0f", tlv(0x03, Buffer.from([0, options.keyUsage])))]),
    ...(options.alternatives === undefined
      ? []
      : [extension("551d11", sequence(...options.alternatives.map(generalName)))]),
    ...(options.purpose === undefined ? [] : [extension("551d25", sequence(oid(PURPOSES[options.purpose])))]),
  ];
  const tbs = sequence(
    tlv(0xa0, integer(2n)),
    integer(options.serial ?? BigInt(`0x${randomBytes(8).toString("hex")}`) + 1n),
    algorithm,
    issuer === undefined ? subject : subjectIn(issuer.certificate.raw),
    sequence(time(validFrom), time(validTo)),
    subject,
    key.publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign(hash, tbs, signer));
  const certificate = new X509Certificate(sequence(tbs, algorithm, signature));
  return { privateKey: key.privateKey, certificate, pem: certificate.toString() };
}

function generalName({ kind, value }: AlternativeName): Buffer {
  return tlv(NAME_TAGS[kind], kind === "ip" ? Buffer.from(value.split(".").map(Number)) : Buffer.from(value));
}

function algorithmOf({ asymmetricKeyType }: KeyObject, hash: "sha1" | "sha256"): Buffer {
  if (asymmetricKeyType === "ec") {
    return sequence(oid(hash === "sha256" ? "2a8648ce3d040302" : "2a8648ce3d0401"));
  }
  return sequence(oid(hash === "sha256" ? "2a864886f70d01010b" : "2a864886f70d010105"), tlv(0x05));
}

function nameOf(commonNames: readonly string[]): Buffer {
  const parts = [["550406", "DE"], ["55040a", "Bank, Inc."], ...commonNames.map((name) => ["550403", name])];
  return sequence(
    ...parts.map(([id = "", text = ""]) => tlv(0x31, sequence(oid(id), tlv(0x0c, Buffer.from(text))))),
  );
}

/** The subject's bytes, by its place in the certificate: the sixth value after the two headers. */
function subjectIn(der: Buffer): Buffer {
  let at = contentAt(der, contentAt(der, 0));
  for (let skipped = 0; skipped < 5; skipped += 1) at = endOf(der, at);
  return der.subarray(at, endOf(der, at));
}

function contentAt(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1);
  return at + 2 + (first < 0x80 ? 0 : first - 0x80);
}

function endOf(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1);
  const length = first < 0x80 ? first : der.readUIntBE(at + 2, first - 0x80);
  return contentAt(der, at) + length;
}

function extension(id: string, content: Buffer): Buffer {
  return sequence(oid(id), tlv(0x01, Buffer.from([0xff])), tlv(0x04, content));
}

function time(moment: Date): Buffer {
  return tlv(0x18, Buffer.from(moment.toISOString().replace(/[-:T]|\.\d+/g, "")));
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return tlv(0x02, ...(bytes.readUInt8(0) >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const hex = size.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const length =
    size < 0x80 ? Buffer.from([size]) : Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}
