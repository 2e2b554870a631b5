/** A file that is the same for every caller: its entity tag, its compressed form, and when it need not be sent again. */
import { createHash } from "node:crypto";
import { gzipForAll } from "./compress.js";
import { acceptsGzip } from "./content-coding.js";
import type { Exchange } from "./exchange.js";
import type { Reply } from "./reply.js";

export interface DocumentOptions {
  readonly content: string | Uint8Array;
  readonly contentType: string;
  /** Smallest content that is compressed, in bytes; 0: none is. */
  readonly compressFromBytes: number;
  /** Other headers of every reply; they go over those that a document has by itself. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The reply to a GET or HEAD for the document. */
export type Document = (exchange: Pick<Exchange, "header">) => Promise<Reply>;

/**
 * A cache asks again before it uses the document, by its tag. Each coding has a tag of its own: a strong tag says that
 * the bytes are the same (RFC 9110, section 8.8.3.3).
 */
export function createDocument(options: DocumentOptions): Document {
  const { content, contentType, compressFromBytes, headers } = options;
  const digest = createHash("sha256").update(content).digest("hex");
  const isCompressed = compressFromBytes > 0 && Buffer.byteLength(content) >= compressFromBytes;
  const common = {
    "Content-Type": contentType,
    "Cache-Control": "no-cache",
    ...(isCompressed ? { Vary: "Accept-Encoding" } : {}),
    ...headers,
  };
  const plain = { ...common, ETag: `"${digest}"` };
  const coded = { ...common, ETag: `"${digest}-gzip"`, "Content-Encoding": "gzip" };
  let gzipped: Promise<Buffer | undefined> | undefined;

  return async (exchange) => {
    const wanted = isCompressed && acceptsGzip(exchange.header("accept-encoding"));
    const compressed = wanted ? await (gzipped ??= gzipForAll(content)) : undefined;
    const own = compressed === undefined ? plain : coded;
    if (isKnown(exchange.header("if-none-match"), own.ETag)) {
      return { status: 304, headers: { ...common, ETag: own.ETag }, body: "" };
    }
    return { status: 200, headers: own, body: compressed ?? content };
  };
}

/** RFC 9110, section 13.1.2: tags are compared without regard to `W/`, which a proxy may have put before ours. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
