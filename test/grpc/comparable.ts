/**
 * Values as text that is equal for values that are: without empty lists and maps, which protobuf cannot tell from absent ones, and
 * in one order of fields and entries.
 */
export function comparable(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return `${member}n`;
    if (typeof member === "number" && !Number.isFinite(member)) return String(member);
    if (member instanceof Map) return member.size === 0 ? undefined : [...member].map(comparable).sort();
    if (Array.isArray(member)) return member.length === 0 ? undefined : member;
    if (typeof member !== "object" || member === null) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
