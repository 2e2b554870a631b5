/** TLS for the application's ports: certificates that renew themselves from their files, and whom they let in. */
import { Refusal, type Problem } from "../errors.js";
import type { CertificateFacts, TlsEvent } from "../observe.js";
import { checkCredentials, type Credentials } from "./credentials.js";
import { noteFailures } from "./handshake-failure.js";
import { createTerminator, type Protocol, type Terminator } from "./terminator.js";
import { readTlsFiles } from "./tls-files.js";
import type { ClientAuth, TlsSettings } from "./tls-settings.js";

export interface Tls {
  readonly clientAuth: ClientAuth;
  /** For one port. */
  terminator(protocols: readonly Protocol[]): Terminator;
  /** The certificate that new connections get. */
  certificate(): CertificateFacts;
  /** Looks at the files at once; what is wrong with them is reported. Never rejects. */
  reload(): Promise<void>;
  /** Looks at them no more. */
  close(): void;
}

const DAY_MS = 86_400_000;

/** A certificate that expires within so many days is spoken of, once a day. */
const EXPIRING_DAYS = 14;

/**
 * Reads the files, and looks at them again from time to time. Only their content counts: on Kubernetes a new version of a
 * secret comes by a link that is turned to another folder, which no watch of a file or folder sees reliably.
 * @throws Refusal `usage` with everything that is wrong with them
 */
export async function startTls(settings: TlsSettings, report: (event: TlsEvent) => void): Promise<Tls> {
  const terminators: Terminator[] = [];
  const noteFailure = noteFailures(report);
  let current = checkCredentials(await readTlsFiles(settings), settings, Date.now());
  /** What could not be used when it was last looked at, and what has been told of already: by digest. */
  let suspect = "";
  let told = "";
  let toldOfExpiry = -Infinity;

  const tellOfExpiry = (): void => {
    const { certificate } = current;
    const leftMs = certificate.notAfter.getTime() - Date.now();
    const now = performance.now();
    if (leftMs >= EXPIRING_DAYS * DAY_MS || now - toldOfExpiry < DAY_MS) return;
    toldOfExpiry = now;
    report({ kind: "expiring", daysLeft: Math.floor(leftMs / DAY_MS), ...certificate });
  };
  const tellOfPair = (): void => {
    toldOfExpiry = -Infinity;
    report({ kind: "loaded", ...current.certificate });
    tellOfExpiry();
  };
  const take = (credentials: Credentials): void => {
    current = credentials;
    for (const terminator of terminators) terminator.renew(credentials);
    tellOfPair();
  };
  const look = async (isAsked: boolean): Promise<void> => {
    let digest = UNREAD;
    try {
      const files = await readTlsFiles(settings);
      ({ digest } = files);
      if (isAsked || digest !== current.digest) take(checkCredentials(files, settings, Date.now()));
      suspect = told = "";
    } catch (error) {
      // Files that are being replaced are not whole for a moment: what is wrong is told when it is still so at the next look.
      if (isAsked || (digest === suspect && digest !== told)) {
        told = digest;
        report({ kind: "kept", problems: problemsOf(error) });
      }
      suspect = digest;
    }
    tellOfExpiry();
  };
  let looking = Promise.resolve();
  const lookAgain = (isAsked: boolean): Promise<void> => (looking = looking.then(() => look(isAsked)));
  const clock = setInterval(() => void lookAgain(false), settings.reloadMs).unref();
  tellOfPair();

  return {
    clientAuth: settings.clientAuth,
    terminator(protocols) {
      const terminator = createTerminator({ settings, credentials: current, protocols, noteFailure });
      terminators.push(terminator);
      return terminator;
    },
    certificate: () => current.certificate,
    reload: () => lookAgain(true),
    close: () => clearInterval(clock),
  };
}

/** Stands for the digest of files that could not be read. */
const UNREAD = "unread";

/** Whatever it was, the pair that is there goes on. */
function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const message = "The files could not be taken.";
  return [{ where: "tlsCert", path: "", message, remedy: "Report this as a defect of the gateway." }];
}
