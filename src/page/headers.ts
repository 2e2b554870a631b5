/** What every answer of the page tells a browser: nothing comes from anywhere else, and nobody frames it. */
import type { PageMode } from "../page-mode.js";

/** Without `unsafe-inline`: text of an artifact that got into the markup in spite of everything would still do nothing. */
export function pageHeaders(mode: PageMode): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${mode === "full" ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}
