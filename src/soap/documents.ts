/** What a GET is answered at the path of an endpoint: the WSDL in two variants, and its schema. */
import { createDocument, type Document } from "../http/document.js";
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

/** The document that a query names; `undefined` when none is called so. */
export type Documents = (query: string) => Document | undefined;

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

/** @param compressFromBytes smallest document that is compressed, in bytes; 0: none is */
export function createDocuments(texts: DocumentTexts, compressFromBytes: number): Documents {
  // A description is XML and no message, whatever version of SOAP it describes.
  const contentType = xmlHeaders("1.1")["Content-Type"];
  const serve = (content: string): Document => createDocument({ content, contentType, compressFromBytes });
  const served = {
    wsdl: serve(texts.wsdl),
    policyWsdl: serve(texts.policyWsdl),
    xsd: serve(texts.xsd),
  } as const satisfies Record<keyof DocumentTexts, Document>;
  const documents = new Map(Object.entries(QUERIES).map(([query, name]) => [query, served[name]]));
  return (query) => documents.get(query.toLowerCase());
}
