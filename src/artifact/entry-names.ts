/**
 * Which names the files of an artifact may have. The same rules hold for folders and archives, so that an artifact
 * is accepted or refused in every form alike, and unpacks to the same files on every machine.
 */

export type EntryKind = "file" | "folder";

export interface EntryNames {
  /** Takes a relative path, or says in one sentence what is wrong with it. */
  add(path: string, kind: EntryKind): string | undefined;
}

const LONGEST_PATH = 1024;
const LONGEST_NAME = 255;
const DEEPEST_PATH = 32;

/** An empty set of names. */
export function entryNames(): EntryNames {
  /** By the name as a file system that ignores case and accents' spelling would see it. */
  const taken = new Map<string, { readonly path: string; readonly kind: EntryKind }>();

  const claim = (path: string, kind: EntryKind): string | undefined => {
    // Upper case first: only so `ß` meets `ss`, and the long `ſ` meets `s`, as they do on such file systems.
    const key = path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
    const other = taken.get(key);
    if (other === undefined) taken.set(key, { path, kind });
    else if (other.kind !== kind) return "The name is used for a file and for a folder.";
    else if (other.path !== path)
      return "The name differs from another one only in case or in how accents are written.";
    else if (kind === "file") return "The name occurs twice.";
    return undefined;
  };

  return {
    add: (path, kind) => {
      const wrong = problemWithPath(path);
      if (wrong !== undefined) return wrong;
      const parts = path.split("/");
      for (let length = 1; length < parts.length; length += 1) {
        const clash = claim(parts.slice(0, length).join("/"), "folder");
        if (clash !== undefined) return clash;
      }
      return claim(path, kind);
    },
  };
}

function problemWithPath(path: string): string | undefined {
  const parts = path.split("/");
  if (path.startsWith("/")) return "The path is absolute.";
  if (parts.includes("..")) return "The path leads out of the artifact.";
  if (parts.some((part) => part === "" || part === ".")) return "The path has an empty or `.` part.";
  // Node turns invalid UTF-8 into this character, so the true name is lost.
  if (path.includes("\uFFFD")) return "The name is not valid UTF-8.";
  if (/[\p{Cc}\p{Cs}\\]/u.test(path)) return "The name has a control character or a backslash in it.";
  // The published digest command hands names to sha256sum, which would take this one for an option.
  if (path.startsWith("-")) return "The name begins with `-`.";
  if (Buffer.byteLength(path) > LONGEST_PATH) return `The path is longer than ${LONGEST_PATH} bytes.`;
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME)) {
    return `The name is longer than ${LONGEST_NAME} bytes.`;
  }
  return parts.length > DEEPEST_PATH ? `The path is deeper than ${DEEPEST_PATH} folders.` : undefined;
}
