/** The UsernameToken of a message (UsernameToken Profile 1.1.1). */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { SecurityHeader } from "../../call/message-header.js";
import { WSSE, WSU } from "../../namespaces.js";
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { checkFreshness, instantOf, type Instant } from "./instant.js";
import { BASE64_BINARY, PASSWORD_DIGEST, PASSWORD_TEXT } from "./names.js";
import type { Password, PasswordType, SoapPolicy, UsernameTokenPolicy } from "./policy.js";
import { attributeOf, bytesOf, childrenOf, textOf } from "./read-element.js";
import { failedAuthentication, SecurityRefusal } from "./refusal.js";
import { replayKey } from "./replay-key.js";

/** What a token has told: the caller, and what is left to be found out about it. */
export type TokenFindings = Required<Pick<SecurityHeader, "caller" | "replay">> &
  Pick<SecurityHeader, "unproven">;

const TYPES: ReadonlyMap<string, PasswordType> = new Map([
  [PASSWORD_DIGEST, "digest"],
  [PASSWORD_TEXT, "text"],
]);

/** Toolkits send 16 bytes. */
const LONGEST_NONCE = 128;
const SHA1_BYTES = 20;

/** Stands for the password of a user that there is not, so that the answer takes the same work. */
const NOBODY: Password = { kind: "plain", password: randomBytes(32).toString("base64") };

interface Token {
  readonly name: string;
  readonly type: PasswordType;
  readonly password: XmlElement;
  readonly nonce: Buffer | undefined;
  /** As written, without blanks around it: the digest is made over this text. */
  readonly created: string;
  /** Last moment at which it would be taken; absent when nothing says how old it is. */
  readonly until: Instant | undefined;
}

/**
 * Holds that a token is of now and proves its user. A user whose password is stored as a hash is left unproven here:
 * that takes too long for the thread that answers everybody.
 * @throws SecurityRefusal; `FailedAuthentication` is the same for a wrong name, password and digest
 */
export function verifyUsernameToken(
  element: XmlElement,
  tokens: UsernameTokenPolicy,
  policy: SoapPolicy,
  now: Instant,
): TokenFindings {
  const token = readToken(element, tokens, policy, now);
  const { name, nonce, created, until } = token;
  const known = tokens.users.get(name) ?? NOBODY;
  const isProven = token.type === "digest" ? hasDigest(token, known) : hasText(token, known);
  const replay =
    nonce === undefined || until === undefined ? [] : [replayKey(["nonce", name, nonce, created], until)];
  if (isProven && known !== NOBODY) return { caller: name, replay };
  const hasHashes = [...tokens.users.values()].some(({ kind }) => kind === "hash");
  if (token.type === "text" && hasHashes) {
    return { caller: name, replay, unproven: { name, password: textOf(token.password) } };
  }
  throw failedAuthentication("the UsernameToken names nobody, or its password is wrong");
}

function readToken(
  element: XmlElement,
  { passwordTypes }: UsernameTokenPolicy,
  policy: SoapPolicy,
  now: Instant,
): Token {
  const known = { Username: WSSE, Password: WSSE, Nonce: WSSE, Created: WSU };
  const { Username, Password: password, Nonce, Created } = childrenOf(element, known);
  if (Username === undefined || textOf(Username) === "") throw incomplete("a Username");
  // Without this a name alone would do (CVE-2012-0803), or an empty password (CVE-2013-0239).
  if (password === undefined || textOf(password) === "") throw incomplete("a Password that is not empty");
  const type = TYPES.get(attributeOf(password, "Type") ?? PASSWORD_TEXT);
  if (type === undefined || !passwordTypes.includes(type)) {
    const allowed = passwordTypes.map((one) => (one === "digest" ? "PasswordDigest" : "PasswordText"));
    throw new SecurityRefusal(
      "UnsupportedSecurityToken",
      `The Type of the Password must be ${allowed.join(" or ")}.`,
    );
  }
  if (Created === undefined && (type === "digest" || Nonce !== undefined)) throw incomplete("a Created");
  if (Nonce === undefined && type === "digest") throw incomplete("a Nonce");
  if (Nonce !== undefined && (attributeOf(Nonce, "EncodingType") ?? BASE64_BINARY) !== BASE64_BINARY) {
    throw new SecurityRefusal("UnsupportedSecurityToken", "The Nonce must be in Base64Binary.");
  }
  return {
    name: textOf(Username),
    type,
    password,
    nonce: Nonce === undefined ? undefined : bytesOf(Nonce, LONGEST_NONCE),
    created: Created === undefined ? "" : collapse(textOf(Created)),
    until: Created === undefined ? undefined : checkFreshness({ created: instantOf(Created) }, policy, now),
  };
}

/** Section 3.1: Base64(SHA-1(nonce + created + password)). */
function hasDigest({ password, nonce, created }: Token, known: Password): boolean {
  const sent = bytesOf(password, SHA1_BYTES);
  const hash = createHash("sha1")
    .update(nonce ?? "")
    .update(created);
  const expected = hash.update(passwordOf(known)).digest();
  return sent.length === SHA1_BYTES && timingSafeEqual(sent, expected) && known.kind === "plain";
}

function hasText({ password }: Token, known: Password): boolean {
  // Hashed, both have one length, which is all that the time of a comparison may depend on.
  const [sent, expected] = [textOf(password), passwordOf(known)].map((text) =>
    createHash("sha256").update(text).digest(),
  );
  return (
    sent !== undefined && expected !== undefined && timingSafeEqual(sent, expected) && known.kind === "plain"
  );
}

function passwordOf(known: Password): string {
  return known.kind === "plain" ? known.password : "";
}

function incomplete(what: string): SecurityRefusal {
  return new SecurityRefusal("InvalidSecurityToken", `The UsernameToken must have ${what}.`);
}
