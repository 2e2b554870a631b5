/**
 * Unpacks a tar archive that nobody has vouched for. Only plain files and folders with harmless names come out, with
 * our own modes; the first offence ends it, before anything of the offending entry is written.
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { Refusal } from "../errors.js";
import { LIMIT_REMEDY, type ArtifactLimits } from "./artifact-limits.js";
import { entryWriter } from "./entry-writer.js";
import { refusal } from "../problems.js";
import { DAMAGED_REMEDY, tarSink } from "./tar-sink.js";
import { wholeCharacters } from "./whole-characters.js";

/** Padding makes the ratio of a small archive high; below this size it says nothing. */
const RATIO_FREE_BYTES = 16 * 1024 ** 2;

export interface Archive {
  readonly path: string;
  readonly gzipped: boolean;
  /** Its name in messages. */
  readonly where: string;
}

/**
 * Unpacks `archive` into the empty folder `target`: files get mode 0600, folders 0700. `__pycache__` folders are left
 * out.
 * @throws Refusal at the first thing that is wrong; `target` then holds what was unpacked so far
 */
export async function extractTar(archive: Archive, target: string, limits: ArtifactLimits): Promise<void> {
  const { where } = archive;
  const source = createReadStream(archive.path);
  const unpacked = archive.gzipped ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => unpacked.destroy(error));
  const writer = entryWriter(target);
  const sink = tarSink(where, limits, writer);
  let bytes = 0;
  try {
    for await (const chunk of wholeCharacters(unpacked)) {
      bytes += chunk.length;
      if (bytes > RATIO_FREE_BYTES && bytes > source.bytesRead * limits.maxRatio) {
        throw refusal(where, "", `It unpacks to more than ${limits.maxRatio} times its size.`, LIMIT_REMEDY);
      }
      if (bytes > limits.maxTotalBytes) {
        throw refusal(where, "", `It unpacks to more than ${limits.maxTotalBytes} bytes.`, LIMIT_REMEDY);
      }
      sink.write(chunk);
    }
    sink.end();
  } catch (error) {
    throw asRefusal(error, where);
  } finally {
    source.destroy();
    writer.abandon();
  }
}

/** Trouble with the compression or the disk, said in our words. */
function asRefusal(error: unknown, where: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (code === "Z_BUF_ERROR")
    return refusal(where, "", "Its compressed data ends too early.", DAMAGED_REMEDY);
  if (code.startsWith("Z_")) return refusal(where, "", "It is not valid gzip data.", DAMAGED_REMEDY);
  const message = `It could not be unpacked (${code}).`;
  const remedy = "Check that the file can be read and that the temporary folder has room.";
  return new Refusal("artifact", [{ where, path: "", message, remedy }], { cause: error });
}
