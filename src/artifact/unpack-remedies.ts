/** What to do about archives that cannot be unpacked, and trouble on the way said in our words. */
import { Refusal } from "../errors.js";
import { refusal } from "../problems.js";

/** About entries that an artifact does not have. */
export const REPACK_REMEDY = "Export the artifact again, or repack it with plain files and folders only.";
/** About an archive that cannot be read to its end. */
export const DAMAGED_REMEDY = "Copy or export the archive again; it was cut off or changed on its way.";

/**
 * Trouble with the compression or the disk as a refusal; a refusal as it is.
 * @param format of the compressed data, for the message: `gzip`
 */
export function unpackRefusal(error: unknown, where: string, format: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (code === "Z_BUF_ERROR")
    return refusal(where, "", "Its compressed data ends too early.", DAMAGED_REMEDY);
  if (code.startsWith("Z_")) return refusal(where, "", `It is not valid ${format} data.`, DAMAGED_REMEDY);
  const message = `It could not be unpacked (${code}).`;
  const remedy = "Check that the file can be read and that the temporary folder has room.";
  return new Refusal("artifact", [{ where, path: "", message, remedy }], { cause: error });
}
