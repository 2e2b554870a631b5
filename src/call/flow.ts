/** Whose turn a call takes when calls have to wait. */

/** Urgencies of RFC 9218 section 4.1: 0 is the most urgent, 7 is for work in the background. */
export const URGENCIES = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export type Urgency = (typeof URGENCIES)[number];

/** What RFC 9218 section 4.1 gives a request that names none. */
export const DEFAULT_URGENCY: Urgency = 3;

/** HTTP header and gRPC metadata key of RFC 9218. */
export const PRIORITY_HEADER = "priority";

const URGENCY = /(?:^|,)[ \t]*u=([0-7])[ \t]*(?:$|[,;])/;

/** The urgency in a `Priority` field (RFC 9218, 4): `u=5`. Whatever else it says, and a value out of range, is no urgency. */
export function urgencyFrom(field: string | undefined): Urgency | undefined {
  const digit = field === undefined ? undefined : URGENCY.exec(field)?.[1];
  return URGENCIES.find((urgency) => String(urgency) === digit);
}

/** Calls of one caller and one urgency form a flow: they wait in one line, and the lines take turns. */
export interface Flow {
  /** Opaque key of the caller; absent: all such callers share one line. Whoever makes the key bounds its length. */
  readonly caller?: string | undefined;
  /** Absent: the default. */
  readonly urgency?: Urgency | undefined;
}

/** What can be asked of the calls that wait, before one more is made of a request. */
export interface Backlog {
  /** Whether a call of `bytes` of this flow would be taken in: there is room, or another flow has to give way. */
  hasPlaceFor(flow: Flow, bytes: number): boolean;
  /** How many calls would start before one that joined this flow now; right to about one call of each flow. */
  callsAhead(flow: Flow): number;
}
