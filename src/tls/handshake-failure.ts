/** Connections that did not get through their TLS handshake: how often that is worth a line. */
import type { HandshakeFailure, TlsEvent } from "../observe.js";

/** Anybody can make a handshake fail: of each kind, one in so many milliseconds is told of. */
const QUIET_MS = 10_000;

/** @param code OpenSSL's name for it; empty where there is none @param address of the peer */
export type NoteFailure = (failure: HandshakeFailure, code: string, address: string | undefined) => void;

/** Reports the first failure of each kind, and then one every ten seconds at most. */
export function noteFailures(report: (event: TlsEvent) => void): NoteFailure {
  const known = new Map<HandshakeFailure, { readonly reportedAt: number; unreported: number }>();
  return (failure, code, address) => {
    const now = performance.now();
    const before = known.get(failure);
    if (before !== undefined && now - before.reportedAt < QUIET_MS) {
      before.unreported += 1;
      return;
    }
    known.set(failure, { reportedAt: now, unreported: 0 });
    report({ kind: "refused", failure, code, address, unreported: before?.unreported ?? 0 });
  };
}
