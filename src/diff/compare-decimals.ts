/** The order of decimal numbers written as text, without ever making them inexact. */

/**
 * @param a, b decimal text as `lexical.ts` reads it: a sign, digits, a point; no exponent
 * @returns below 0, 0 or above 0, as `a` is less than, equal to or greater than `b`
 */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(fractionOf(a).length, fractionOf(b).length);
  const [left, right] = [scaled(a, scale), scaled(b, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The number times ten to the power of `scale`. */
function scaled(text: string, scale: number): bigint {
  const [whole = ""] = text.split(".");
  return BigInt(whole.replace(/^\+/, "") + fractionOf(text).padEnd(scale, "0"));
}

function fractionOf(text: string): string {
  return text.split(".")[1] ?? "";
}
