/** The names of WS-Security 1.1.1, its token profiles and XML Signature that are understood here; see also `src/namespaces.ts`. */

export const DS = "http://www.w3.org/2000/09/xmldsig#";

/** Exclusive Canonical XML 1.0, without comments: the algorithm, and the namespace of its parameter. */
export const EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";

export const ENVELOPED_SIGNATURE = `${DS}enveloped-signature`;

const MESSAGE_1_0 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0";
const MESSAGE_1_1 = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1";
const USERNAME = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";
const X509 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";

export const BASE64_BINARY = `${MESSAGE_1_0}#Base64Binary`;
export const THUMBPRINT_SHA1 = `${MESSAGE_1_1}#ThumbprintSHA1`;
export const PASSWORD_DIGEST = `${USERNAME}#PasswordDigest`;
export const PASSWORD_TEXT = `${USERNAME}#PasswordText`;
export const X509_V3 = `${X509}#X509v3`;
