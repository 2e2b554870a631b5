/** What all changes together mean for the callers of each protocol. */
import type { Service } from "../contract/model.js";
import { PROTOCOLS, VERDICTS, type Change, type Protocol, type Verdict } from "./change.js";

export type Verdicts = Readonly<Record<Protocol, Verdict>>;
export type Counts = Readonly<Record<Protocol, Readonly<Record<Verdict, number>>>>;

/** Two majors are two interfaces: who calls the one before keeps calling it, while both are served. */
export function areSideBySide(before: Service, after: Service): boolean {
  return before.alias === after.alias && before.major !== after.major;
}

/**
 * The worst that happens to callers who do nothing. Between two majors of one artifact that is what the change of the major does,
 * because the other changes only meet those who move.
 */
export function verdictsOf(changes: readonly Change[], sideBySide: boolean): Verdicts {
  const meeting = sideBySide ? changes.filter(({ kind }) => kind === "major_changed") : changes;
  return perProtocol((protocol) => {
    const found = new Set(meeting.map(({ effects }) => effects[protocol].verdict));
    return VERDICTS.findLast((verdict) => found.has(verdict)) ?? "same";
  });
}

/** How many changes have which effect. */
export function countsOf(changes: readonly Change[]): Counts {
  return perProtocol((protocol) => {
    const count = (wanted: Verdict): number =>
      changes.filter(({ effects }) => effects[protocol].verdict === wanted).length;
    return { same: count("same"), compatible: count("compatible"), breaking: count("breaking") };
  });
}

function perProtocol<T>(of: (protocol: Protocol) => T): Readonly<Record<Protocol, T>> {
  const [soap, grpc, json, cobol] = PROTOCOLS;
  return { soap: of(soap), grpc: of(grpc), json: of(json), cobol: of(cobol) };
}
