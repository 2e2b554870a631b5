/**
 * The forms of `src/lexical.ts` once more, as regular expressions and `Date`: another road to the same texts. What the two
 * disagree on, one of them has wrong.
 */

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/;

export function decimalText(text: string): string | undefined {
  const match = text.length > 400 ? null : DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const isZero = digits === "0" && /^0*$/.test(fraction);
  return (sign === "-" && !isZero ? "-" : "") + digits + (fraction === "" ? "" : `.${fraction}`);
}

export function fits(text: string, totalDigits: number, fractionDigits: number): boolean {
  const [whole = "", fraction = ""] = text.replace(/^-/, "").split(".");
  const significant = fraction.replace(/0+$/, "");
  const wholeDigits = whole === "0" ? 0 : whole.length;
  return significant.length <= fractionDigits && wholeDigits <= totalDigits - fractionDigits;
}

export function dateText(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null || match[1] === "0000") return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  // Date takes 30 February for 1 March.
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text) ? undefined : text;
}

export function momentText(text: string): string | undefined {
  const match = text.length > 64 ? null : DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, date = "", hour = "", minute = "", second = "", digits = "", zone = ""] = match;
  const fraction = digits.replace(/0+$/, "");
  const isEndOfDay = hour === "24" && minute === "00" && second === "00" && fraction === "";
  if (dateText(date) === undefined || fraction.length > 6) return undefined;
  if ((Number(hour) > 23 && !isEndOfDay) || Number(minute) > 59 || Number(second) > 59) return undefined;
  const sign = zone.startsWith("-") ? -1 : 1;
  const ahead = zone.length < 2 ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCHours(Number(hour), Number(minute) - ahead, Number(second));
  const year = moment.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  const seconds = moment.toISOString().slice(0, 19);
  return fraction === "" ? seconds : `${seconds}.${fraction}`;
}
