/** Moments in a Security header, and whether they are of now. */
import { isCalendarDay } from "../../calendar.js";
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";
import type { SoapPolicy } from "./policy.js";
import { textOf } from "./read-element.js";
import { SecurityRefusal } from "./refusal.js";

/** Milliseconds since 1970. */
export type Instant = number;

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|[+-]00:00)$/;

/**
 * The moment in an element; fractions beyond milliseconds are left out.
 * @throws SecurityRefusal for another form, a time that is not UTC (WS-I BSP R3217) and a leap second (R3215)
 */
export function instantOf(element: XmlElement): Instant {
  const [, ...groups] = INSTANT.exec(collapse(textOf(element))) ?? [];
  const [year = 0, month = 0, day = 0, hour = 24, minute = 60, second = 60] = groups.slice(0, 6).map(Number);
  if (isCalendarDay(year, month, day) && hour < 24 && minute < 60 && second < 60) {
    const milliseconds = Number((groups[6] ?? "").padEnd(3, "0").slice(0, 3));
    return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  }
  throw new SecurityRefusal(
    "InvalidSecurity",
    `${element.local} must be a moment in UTC, like 2026-01-31T09:30:00.000Z.`,
  );
}

/**
 * Holds that a message is of now.
 * @returns the last moment at which it would still be taken; it depends on the message alone
 * @throws SecurityRefusal `MessageExpired`
 */
export function checkFreshness(
  { created, expires }: { readonly created: Instant; readonly expires?: Instant | undefined },
  { maxAgeSeconds, clockSkewSeconds }: Pick<SoapPolicy, "maxAgeSeconds" | "clockSkewSeconds">,
  now: Instant,
): Instant {
  const skew = clockSkewSeconds * 1000;
  const oldest = created + maxAgeSeconds * 1000;
  const until = Math.min(oldest, expires ?? oldest) + skew;
  if (created > now + skew) throw expired("The message is from the future.");
  if (now > until) throw tooOld();
  return until;
}

export function tooOld(): SecurityRefusal {
  return expired("The message is too old.");
}

function expired(message: string): SecurityRefusal {
  return new SecurityRefusal("MessageExpired", `${message} The clocks may differ: both sides must keep UTC.`);
}
