/** How much the page at `/` shows, and what it is where nobody has said. */
import { isIP } from "node:net";

/** `off`: a line for load balancers. `read-only`: what callers may know. `full`: also what the artifact holds, and forms. */
export const PAGE_MODES = ["off", "read-only", "full"] as const;
export type PageMode = (typeof PAGE_MODES)[number];

export interface Listening {
  readonly host: string;
  /** Path of the Unix socket that stands in for the port. */
  readonly socket?: string | undefined;
  readonly publicUrl?: string | undefined;
}

/**
 * `full` where only this machine can reach the page: every application listener is on a loopback address or a Unix socket, and
 * no public address says that somebody hands on requests from elsewhere.
 */
export function defaultPageMode({ host, socket, publicUrl }: Listening): PageMode {
  const isLocal = socket !== undefined || isLoopback(host);
  const isAnnounced = publicUrl !== undefined && !isLoopback(hostOf(publicUrl));
  return isLocal && !isAnnounced ? "full" : "read-only";
}

/** Whether a host, as a setting or a URL spells it, is this machine itself (RFC 6761, section 6.3, for names). */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  if (isIP(name) === 4) return name.startsWith("127.");
  return name === "::1" || name === "localhost" || name.endsWith(".localhost");
}

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}
