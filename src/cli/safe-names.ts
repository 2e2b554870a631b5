/** Names of files that are safe on every system, whatever an artifact calls its parts. */

/** Characters; most file systems hold 255 bytes, and a number may have to be added. */
const LONGEST = 120;
/** What Windows takes for a device, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Makes names for one folder: ASCII letters, digits, `.`, `_` and `-` only, no dot or hyphen in front, no device, and no two that
 * differ only in case.
 */
export function newSafeNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const plain = name
      .slice(0, 4 * LONGEST)
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9._-]+/g, "_")
      .replace(/^[._-]+/, "")
      .replace(/[._-]+$/, "");
    const [, stem = "", extension = ""] = /^(.*?)(\.[A-Za-z0-9]{1,10})?$/.exec(plain) ?? [];
    const short = `${stem.slice(0, LONGEST - extension.length)}${extension}` || "part";
    const safe = DEVICE.test(short) ? `_${short}` : short;
    for (let count = 1; ; count += 1) {
      const candidate = count === 1 ? safe : numbered(safe, count);
      if (taken.has(candidate.toLowerCase())) continue;
      taken.add(candidate.toLowerCase());
      return candidate;
    }
  };
}

/** `system.txt` becomes `system-2.txt`. */
function numbered(name: string, count: number): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? `${name}-${count}` : `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
}
