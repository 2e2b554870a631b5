/** The ds:Signature of a message as far as it may be written here: one canonicalization, references by id, no transforms. */
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { DS, ENVELOPED_SIGNATURE, EXCLUSIVE_C14N } from "./names.js";
import { attributeOf, bytesOf, childrenOf, refuseText } from "./read-element.js";
import { SecurityRefusal } from "./refusal.js";
import { DIGEST_ALGORITHMS, SIGNATURE_ALGORITHMS } from "./signature-algorithms.js";

export interface Signature {
  readonly signedInfo: XmlElement;
  /** Prefixes of its InclusiveNamespaces, as `canonicalize` wants them. */
  readonly inclusive: ReadonlySet<string>;
  readonly algorithm: MapValue<typeof SIGNATURE_ALGORITHMS>;
  readonly value: Buffer;
  readonly references: readonly Reference[];
  readonly keyInfo: XmlElement;
}

export interface Reference {
  readonly id: string;
  readonly inclusive: ReadonlySet<string>;
  readonly hash: MapValue<typeof DIGEST_ALGORITHMS>;
  readonly digest: Buffer;
}

type MapValue<M> = M extends ReadonlyMap<string, infer Value> ? Value : never;

/** Body, Timestamp, two tokens and the header blocks of WS-Addressing are fewer. */
const MOST_REFERENCES = 16;
const MOST_PREFIXES = 64;
const LONGEST_LIST = 4096;
/** RSA of 8192 bits. */
const LONGEST_SIGNATURE = 1024;
const LONGEST_DIGEST = 64;

/** @throws SecurityRefusal for every construct that is not in this profile */
export function readSignature(element: XmlElement): Signature {
  const { SignedInfo, SignatureValue, KeyInfo } = childrenOf(element, {
    SignedInfo: DS,
    SignatureValue: DS,
    KeyInfo: DS,
  });
  if (SignedInfo === undefined || SignatureValue === undefined || KeyInfo === undefined) {
    throw invalid("The Signature must have SignedInfo, SignatureValue and KeyInfo.");
  }
  refuseText(SignedInfo);
  const [method, algorithm, ...references] = SignedInfo.children;
  if (!isNamed(method, "CanonicalizationMethod") || !isNamed(algorithm, "SignatureMethod")) {
    throw invalid("SignedInfo must begin with CanonicalizationMethod and SignatureMethod.");
  }
  if (references.length === 0 || references.length > MOST_REFERENCES) {
    throw invalid(`SignedInfo must hold 1 to ${MOST_REFERENCES} references.`);
  }
  return {
    signedInfo: SignedInfo,
    inclusive: readCanonicalization(method),
    algorithm: lookUp(algorithm, SIGNATURE_ALGORITHMS, "RSA or ECDSA with SHA-256, SHA-384 or SHA-512"),
    value: bytesOf(SignatureValue, LONGEST_SIGNATURE),
    references: references.map(readReference),
    keyInfo: KeyInfo,
  };
}

function readReference(element: XmlElement): Reference {
  if (!isNamed(element, "Reference")) throw invalid("SignedInfo may hold references only.");
  const { Transforms, DigestMethod, DigestValue } = childrenOf(element, {
    Transforms: DS,
    DigestMethod: DS,
    DigestValue: DS,
  });
  if (Transforms === undefined || DigestMethod === undefined || DigestValue === undefined) {
    throw invalid("A Reference must have Transforms, DigestMethod and DigestValue.");
  }
  // An address is never opened, and the empty one would mean the document with whatever else it holds.
  const uri = attributeOf(element, "URI") ?? "";
  if (!/^#./s.test(uri)) throw invalid("A Reference must name an element of the message, like #id.");
  const [transform, ...more] = withoutEnveloped(Transforms.children);
  refuseText(Transforms);
  if (!isNamed(transform, "Transform") || more.length > 0) {
    throw unsupported("A Reference must have one Transform: exclusive canonicalization.");
  }
  return {
    id: uri.slice(1),
    inclusive: readCanonicalization(transform),
    hash: lookUp(DigestMethod, DIGEST_ALGORITHMS, "SHA-256, SHA-384 or SHA-512"),
    digest: bytesOf(DigestValue, LONGEST_DIGEST),
  };
}

/**
 * The transform that leaves out the signature itself, which some toolkits always put first, takes nothing away here: no
 * part that can be signed holds the signature.
 */
function withoutEnveloped(transforms: readonly XmlElement[]): readonly XmlElement[] {
  const [first] = transforms;
  const isEnveloped =
    isNamed(first, "Transform") &&
    first.children.length === 0 &&
    attributeOf(first, "Algorithm") === ENVELOPED_SIGNATURE;
  return isEnveloped ? transforms.slice(1) : transforms;
}

/** The prefixes of InclusiveNamespaces (Exclusive XML Canonicalization 1.0, section 4). */
function readCanonicalization(element: XmlElement): ReadonlySet<string> {
  if (attributeOf(element, "Algorithm") !== EXCLUSIVE_C14N) {
    throw unsupported(`The only canonicalization is ${EXCLUSIVE_C14N}.`);
  }
  const { InclusiveNamespaces } = childrenOf(element, { InclusiveNamespaces: EXCLUSIVE_C14N });
  const list = InclusiveNamespaces === undefined ? "" : attributeOf(InclusiveNamespaces, "PrefixList");
  if (list !== undefined && list.length > LONGEST_LIST) throw invalid("A PrefixList is too long.");
  const prefixes = new Set(collapse(list ?? "").split(/[ \t\r\n]+/));
  prefixes.delete("");
  if (prefixes.delete("#default")) prefixes.add("");
  if (prefixes.size > MOST_PREFIXES) throw invalid(`A PrefixList may have ${MOST_PREFIXES} prefixes.`);
  return prefixes;
}

function lookUp<Value>(element: XmlElement, known: ReadonlyMap<string, Value>, names: string): Value {
  const found = known.get(attributeOf(element, "Algorithm") ?? "");
  if (found !== undefined && element.children.length === 0) return found;
  throw unsupported(`The ${element.local} must be ${names}.`);
}

function isNamed(element: XmlElement | undefined, local: string): element is XmlElement {
  return element?.uri === DS && element.local === local;
}

function invalid(message: string): SecurityRefusal {
  return new SecurityRefusal("InvalidSecurity", message);
}

function unsupported(message: string): SecurityRefusal {
  return new SecurityRefusal("UnsupportedAlgorithm", message);
}
