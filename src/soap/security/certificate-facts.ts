/**
 * What Node does not tell of an X.509 certificate (RFC 5280, section 4): how its issuer has signed it, and what its key
 * is for. Only certificates that OpenSSL has parsed come here.
 */

export interface CertificateFacts {
  /** The signature algorithm's OID, DER content in hexadecimal. */
  readonly signatureAlgorithm: string;
  /** First byte of the key usage bits (section 4.2.1.3); absent: the key may be used for anything. */
  readonly keyUsage: number | undefined;
}

interface Tlv {
  readonly tag: number;
  readonly content: Buffer;
}

const OID = 0x06;
const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
/** `[3] EXPLICIT Extensions` of the TBSCertificate. */
const EXTENSIONS = 0xa3;
const KEY_USAGE = "551d0f";

/** @throws RangeError for bytes that are no certificate */
export function certificateFacts(der: Buffer): CertificateFacts {
  const [certificate] = readAll(der);
  const [tbs, algorithm] = readAll(certificate?.content);
  const [oid] = readAll(algorithm?.content);
  const wrapped = readAll(tbs?.content).find(({ tag }) => tag === EXTENSIONS);
  const [extensions] = readAll(wrapped?.content);
  const keyUsage = readAll(extensions?.content)
    .map(({ content }) => readAll(content))
    .find(([id]) => id?.tag === OID && id.content.toString("hex") === KEY_USAGE)
    ?.find(({ tag }) => tag === OCTET_STRING);
  const [bits] = readAll(keyUsage?.content);
  return {
    signatureAlgorithm: oid?.content.toString("hex") ?? "",
    // The first byte of a bit string counts its unused bits.
    keyUsage: bits?.tag === BIT_STRING ? (bits.content[1] ?? 0) : undefined,
  };
}

/** The values that stand one after the other. */
function readAll(bytes: Buffer | undefined): readonly Tlv[] {
  const values: Tlv[] = [];
  for (let at = 0; bytes !== undefined && at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) throw new RangeError("A value is longer than what holds it.");
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}
