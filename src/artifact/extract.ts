/**
 * Unpacks a tar archive that nobody has vouched for. Only plain files and folders with harmless names come out, with
 * our own modes; the first offence ends it, before anything of the offending entry is written.
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { LIMIT_REMEDY, RATIO_FREE_BYTES, type ArtifactLimits } from "./artifact-limits.js";
import { entryWriter } from "./entry-writer.js";
import { refusal } from "../problems.js";
import { tarSink } from "./tar-sink.js";
import { unpackRefusal } from "./unpack-remedies.js";
import { wholeCharacters } from "./whole-characters.js";

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
    throw unpackRefusal(error, where, "gzip");
  } finally {
    source.destroy();
    writer.abandon();
  }
}
