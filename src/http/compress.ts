/** Replies with gzip, for callers that accept it, where that pays. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsGzip } from "./content-coding.js";
import type { Exchange } from "./exchange.js";
import type { Reply } from "./reply.js";

const compress = promisify(gzip);

/**
 * XML of equal rows shrinks to a twentieth at any level; the lowest takes a third of the time of the usual one, and
 * every reply is made for one caller alone.
 */
const LEVEL_FOR_ONE = 1;
/** What is compressed once for everybody may take its time. */
const LEVEL_FOR_ALL = 9;

/** What is kept and sent to many, compressed in zlib's own threads; undefined when that fails, for want of memory. */
export function gzipForAll(body: string | Uint8Array): Promise<Buffer | undefined> {
  return compress(body, { level: LEVEL_FOR_ALL }).catch(() => undefined);
}

/**
 * The reply as this caller accepts it: below `fromBytes`, or when that is 0, as it is.
 * @param fromBytes smallest body that is compressed
 */
export function fitReply(
  exchange: Pick<Exchange, "header">,
  reply: Reply,
  fromBytes: number,
): Reply | Promise<Reply> {
  // Characters, not bytes: near enough, and known at once.
  if (fromBytes === 0 || reply.body.length < fromBytes) return reply;
  const varied = { ...reply, headers: { ...reply.headers, Vary: "Accept-Encoding" } };
  return acceptsGzip(exchange.header("accept-encoding")) ? compressed(varied) : varied;
}

async function compressed(reply: Reply): Promise<Reply> {
  const body = await compress(reply.body, { level: LEVEL_FOR_ONE }).catch(() => undefined);
  // For want of memory, that is: who accepts gzip accepts the plain bytes too.
  if (body === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, "Content-Encoding": "gzip" }, body };
}
