/** Writes unpacked entries below one folder. Paths are those that `entryNames()` has taken; nothing else is safe. */
import { closeSync, constants, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface EntryWriter {
  folder(path: string): void;
  /** Opens a new file; `write` and `finish` then belong to it. */
  begin(path: string): void;
  readonly write: (bytes: Uint8Array) => void;
  readonly finish: () => void;
  /** Closes a file that was begun and never finished. */
  abandon(): void;
}

/** A file that is there already, or a link in its place, is an error and never followed. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** A writer below `target`, with modes 0700 and 0600. Writing is synchronous: an archive is read before serving. */
export function entryWriter(target: string): EntryWriter {
  let file: number | undefined;
  const folder = (path: string): void => {
    mkdirSync(join(target, path), { recursive: true, mode: 0o700 });
  };
  const finish = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    folder,
    begin: (path) => {
      folder(dirname(path));
      file = openSync(join(target, path), NEW_FILE, 0o600);
    },
    write: (bytes) => {
      if (file !== undefined) writeFileSync(file, bytes);
    },
    finish,
    abandon: finish,
  };
}
