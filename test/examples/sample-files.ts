/** The samples of an example: what is sent, what must come back, and the same request in the words of each protocol. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import type { Service } from "../../src/contract/model.js";
import { contractOf } from "../../src/contract-of.js";
import { repository } from "../support/served-example.js";

export interface Sample {
  readonly name: string;
  /** The path of `{name}.json`: inputs by table and column. */
  readonly file: string;
  /** The text of `{name}.expected.json`. */
  readonly expected: string;
}

/** Every sample of an example, in the order of their names. */
export function samplesOf(example: string): readonly Sample[] {
  const folder = folderOf(example);
  return readdirSync(folder)
    .filter((name) => /^[^.]+\.json$/.test(name))
    .sort()
    .map((file) => {
      const name = basename(file, ".json");
      return {
        name,
        file: join(folder, file),
        expected: readFileSync(join(folder, `${name}.expected.json`), "utf8"),
      };
    });
}

/** The contract of an example. */
export async function contractOfExample(example: string): Promise<Service> {
  const opened = await openArtifact(repository(`examples/${example}/artifact`));
  try {
    return contractOf(await readArtifact(opened));
  } finally {
    await opened.close();
  }
}

/** The files of one kind, for example `.soap.xml`, with the names of their samples. */
export function requestFiles(example: string, suffix: string): readonly { name: string; text: string }[] {
  const folder = folderOf(example);
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((file) => ({ name: basename(file, suffix), text: readFileSync(join(folder, file), "utf8") }));
}

function folderOf(example: string): string {
  return repository(`examples/${example}/samples`);
}
