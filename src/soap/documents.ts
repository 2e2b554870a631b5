/** What a GET is answered at the path of an endpoint: the WSDL in two variants, and its schema. */
import { createHash } from "node:crypto";
import type { Reply } from "../http/reply.js";
import { xmlHeaders } from "./rules.js";

/** The texts, made once from the contract and the configuration. */
export interface DocumentTexts {
  /** Without policy assertions, which not every tool of callers takes. */
  readonly wsdl: string;
  /** The same with WS-Policy assertions. */
  readonly policyWsdl: string;
  /** The schema of both, as a document of its own. */
  readonly xsd: string;
}

/**
 * The reply to a GET with a query; `undefined` when no document is called so.
 * @param known the `If-None-Match` of the request
 */
export type Documents = (query: string, known: string | undefined) => Reply | undefined;

/**
 * The queries that have an answer, in small letters; case does not count. Tools ask for a numbered schema, and those of .NET for a
 * single WSDL, which it always is.
 */
const QUERIES = {
  wsdl: "wsdl",
  singlewsdl: "wsdl",
  "wsdl&policy": "policyWsdl",
  "wsdl&policy=1": "policyWsdl",
  xsd: "xsd",
  "xsd=1": "xsd",
} as const satisfies Record<string, keyof DocumentTexts>;

export function createDocuments(texts: DocumentTexts): Documents {
  const documents = new Map(
    Object.entries(QUERIES).map(([query, name]) => {
      const text = texts[name];
      return [query, { text, etag: `"${createHash("sha256").update(text).digest("hex")}"` }];
    }),
  );
  return (query, known) => {
    const document = documents.get(query.toLowerCase());
    if (document === undefined) return undefined;
    const { text, etag } = document;
    // A description is XML and no message, whatever version of SOAP it describes.
    const headers = { ...xmlHeaders("1.1"), ETag: etag, "Cache-Control": "no-cache" };
    return isKnown(etag, known) ? { status: 304, headers, body: "" } : { status: 200, headers, body: text };
  };
}

/** RFC 9110, section 13.1.2: a weak comparison. */
function isKnown(etag: string, known = ""): boolean {
  const tags = known.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
