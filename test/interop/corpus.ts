/** The contracts that foreign tools are fed: those of the examples, of the fixtures here, and of the generated artifacts. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/served-example.js";

/** Where `write-corpus.ts` put them. */
export const CORPUS = repository(".cache/interop/corpus/contracts");

/** Fewer would mean that something was not written. */
const FEWEST = 33;

/** The paths of every WSDL, in the order of their names. */
export function wsdlsOfCorpus(): readonly string[] {
  return filesOf("wsdl", /\.wsdl$/);
}

/** Every proto file, relative to `protoRoot`; the standard ones that come with them are not among them. */
export function protosOfCorpus(): readonly string[] {
  return filesOf("proto", /^(?!google\/).*\.proto$/);
}

export const PROTO_ROOT = join(CORPUS, "proto");

/** The paths of every OpenAPI document. */
export function openApisOfCorpus(): readonly string[] {
  return existsSync(join(CORPUS, "openapi")) ? filesOf("openapi", /\.json$/) : [];
}

function filesOf(folder: string, pattern: RegExp): readonly string[] {
  const names = readdirSync(join(CORPUS, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    pattern.test(name),
  );
  assert.ok(names.length >= FEWEST, `only ${names.length} files are in ${join(CORPUS, folder)}`);
  return names.sort().map((name) => (folder === "proto" ? name : join(CORPUS, folder, name)));
}
