/** What a request asks for, by its target (RFC 9112, section 3.2). */
export interface Target {
  /** As it is written: nothing is decoded, and dots and double slashes stay. */
  readonly path: string;
  /** What follows the `?`; empty when there is none. */
  readonly query: string;
}

/** The scheme, a name or an address, and perhaps a port: RFC 9110, section 4.2, forbids user names. */
const AUTHORITY = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d*)?(?=[/?]|$)/i;

/**
 * Takes a target apart. A server has to accept the absolute form as well, and then the host in it counts for nothing
 * here. Not parsed as a URL: the target is the caller's text, and `//` or `%zz` must be an answer, not an exception.
 */
export function readTarget(url: string): Target {
  const local = url.startsWith("/") ? url : url.replace(AUTHORITY, "");
  const at = local.indexOf("?");
  const path = at < 0 ? local : local.slice(0, at);
  return { path: path === "" ? "/" : path, query: at < 0 ? "" : local.slice(at + 1) };
}
