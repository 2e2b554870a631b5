/** The named happenings of the gateway. Stages report them; `ops/` turns them into log lines. */
import type { Code, Problem } from "./errors.js";

/** `oip`: the Open Inference Protocol, which is gRPC with other messages. */
export type Protocol = "soap" | "grpc" | "json" | "oip" | "run";

/** One finished call, whatever its end. Durations in milliseconds, sizes in bytes; never an input value. */
export interface CallRecord {
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
  /** The name that the caller has proved: a user or the subject of a certificate that the deployer has listed. */
  readonly caller?: string | undefined;
  readonly code: Code | "ok";
  readonly durationMs: number;
  /** Time spent waiting for a worker, and inside `main()`; absent when the call never got there. */
  readonly queuedMs?: number | undefined;
  readonly runMs?: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly worker?: number | undefined;
  /** The error behind a code, with its cause: for the log, never for the caller. */
  readonly error?: Error | undefined;
}

/** Why a Python process ended; closed, so that one word reaches log, page and metric alike. */
export const END_REASONS = [
  /** The gateway stops. */
  "drain",
  /** A call overran its deadline. */
  "deadline",
  /** The caller of the running call has gone, and the deployer wants such calls stopped. */
  "cancelled",
  /** Calls that nobody waits for any more keep its threads. */
  "stuck",
  /** It has had as many calls, or has grown as large, as the deployer allows. */
  "recycled",
  /** By itself, or by a signal of somebody else. */
  "exit",
  "signal",
  /** The artifact could not be imported, failed for its sample, or took too long over either. */
  "load_failed",
  "warm_up_failed",
  "start_timeout",
  /** It wrote something that is no answer, or closed its channel. */
  "protocol_error",
  /** The interpreter could not be started, or the process that starts all others has gone. */
  "spawn_failed",
  "supervisor_lost",
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** What may be told of a certificate, in a log or a metric. */
export interface CertificateFacts {
  /** On one line, such as `O=Bank, CN=decisions`. */
  readonly subject: string;
  readonly notAfter: Date;
  /** SHA-256 over the certificate, as openssl prints it. */
  readonly fingerprint: string;
}

/** Why a connection did not get through its TLS handshake. */
export const HANDSHAKE_FAILURES = [
  /** It did not begin with TLS. */
  "clear_text",
  /** It was not over in time. */
  "too_slow",
  /** The caller showed no certificate, and has to. */
  "no_certificate",
  /** The caller's certificate is not valid, or of no authority that counts. */
  "certificate_refused",
  /** No version, cipher or protocol in common, or no TLS after all. */
  "handshake",
] as const;
export type HandshakeFailure = (typeof HANDSHAKE_FAILURES)[number];

/** What is worth telling of TLS. */
export type TlsEvent =
  /** New connections get this certificate. */
  | ({ readonly kind: "loaded" } & CertificateFacts)
  /** The files hold what cannot be used: the pair before them goes on. */
  | { readonly kind: "kept"; readonly problems: readonly Problem[] }
  | ({ readonly kind: "expiring"; readonly daysLeft: number } & CertificateFacts)
  | {
      readonly kind: "refused";
      readonly failure: HandshakeFailure;
      /** OpenSSL's name for it, such as `CERT_HAS_EXPIRED`; empty where there is none. */
      readonly code: string;
      /** Address of the peer, where it is known. */
      readonly address: string | undefined;
      /** Failures of this kind since the last event, of which there was none. */
      readonly unreported: number;
    };

export interface Observer {
  /** Something was thrown where nothing should be: a defect of ours. */
  defect(event: { where: string; error: unknown }): void;
  callFinished(record: CallRecord): void;
  /** A certificate came, stayed or runs out, or a handshake failed. */
  tls(event: TlsEvent): void;
  /** How processes come to have the artifact from now on: forked from one that has it, or not and why not. */
  startMethodChosen(event: { service: string; forks: boolean; reason: string }): void;
  processStarted(event: { service: string; worker: number; pid: number }): void;
  processReady(event: { service: string; worker: number; pid: number; loadMs: number }): void;
  processEnded(event: {
    service: string;
    worker: number;
    pid: number | undefined;
    reason: EndReason;
    detail: string;
    /** The Python traceback or last words, when there are any. */
    traceback?: string;
  }): void;
  /** One line that the artifact wrote to stdout or stderr; without a worker while it was imported for all of them. */
  artifactOutput(event: {
    service: string;
    worker: number | undefined;
    stream: "stdout" | "stderr";
    line: string;
  }): void;
}
