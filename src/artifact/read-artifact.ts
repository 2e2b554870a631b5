/** Reads an opened artifact: what it is, what it wants, and what it was made with. */
import { Refusal, type Problem } from "../errors.js";
import { readArtifactFile } from "./artifact-file.js";
import { artifactAlias } from "./artifact-alias.js";
import type { ArtifactFile } from "./files.js";
import { addChatInputs, addFunctionInputs, chatOutput } from "./chat-inputs.js";
import { INPUT_INFO_FILE, normaliseInputInfo, type InputInfo, type VariantCode } from "./input-info.js";
import { METADATA_FILE, NO_METADATA, readMetadata, type Metadata } from "./metadata.js";
import type { OpenArtifact } from "./open-artifact.js";
import { collect, refusal } from "../problems.js";
import { parseStrictJson, type JsonValue } from "../strict-json.js";
import { NO_VERSIONS, readVersions, VERSIONS_FILES, type Versions } from "./versions.js";

export interface Artifact {
  /** Name of the service: `[a-z][a-z0-9_]*`. */
  readonly alias: string;
  /** `sha256:<hex>` over the sorted paths and contents. */
  readonly digest: string;
  /** Absolute path of the folder that holds `python_dict` or `python_dict.py`. */
  readonly root: string;
  /** The folder or archive as it was named. */
  readonly source: string;
  readonly files: readonly ArtifactFile[];
  readonly metadata: Metadata;
  readonly inputs: InputInfo;
  readonly versions: Versions;
  /** What was missing or not understood and does not keep the artifact from running. */
  readonly warnings: readonly Problem[];
}

const MOST_JSON_BYTES = 8 * 1024 ** 2;
/** The module with `main()`: a package or, in the older flat layout, one file. The first is what Python imports. */
const ENGINE_FILES = ["python_dict/__init__.py", "python_dict.py"] as const;

export interface ArtifactOptions {
  /** The variant that the `input_info.json` of an alias is known to be; only needed where it can be read in several ways. */
  readonly variantOf?: ((alias: string) => VariantCode | undefined) | undefined;
}

/**
 * Reads the JSON files of an opened artifact and checks that it has a `main()` module.
 * @throws Refusal with every problem of every file
 */
export async function readArtifact(opened: OpenArtifact, options: ArtifactOptions = {}): Promise<Artifact> {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  await collect(problems, () => requireEngine(opened, warnings));
  const declared = await collect(problems, () => readMetadataFile(opened, warnings));
  const { alias, warning } = artifactAlias(declared ?? NO_METADATA, opened.rootName);
  if (warning !== undefined) warnings.push(warning);
  const variant = options.variantOf?.(alias);
  const inputs = await collect(problems, () =>
    readInputs(opened, variant, declared ?? NO_METADATA, warnings),
  );
  const versions = await collect(problems, () => readVersionsFile(opened, warnings));
  if (problems.length > 0 || inputs === undefined || declared === undefined || versions === undefined) {
    throw new Refusal("artifact", problems);
  }
  const metadata = { ...declared, ...chatOutput(declared) };
  const { digest, root, source, files } = opened;
  return { alias, digest, root, source, files, metadata, inputs, versions, warnings };
}

function requireEngine(opened: OpenArtifact, warnings: Problem[]): void {
  const [engine, other] = ENGINE_FILES.filter((path) => findFile(opened, path) !== undefined);
  if (engine === undefined)
    requireFile(opened, ENGINE_FILES[0], `It, or else ${ENGINE_FILES[1]}, holds main().`);
  if (engine === undefined || other === undefined) return;
  const message = `It is not used: Python imports ${engine}.`;
  warnings.push({
    where: other,
    path: "",
    message,
    remedy: "Nothing, if that is the one that was approved.",
  });
}

async function readInputs(
  opened: OpenArtifact,
  variant: VariantCode | undefined,
  metadata: Metadata,
  warnings: Problem[],
): Promise<InputInfo> {
  const file = requireFile(opened, INPUT_INFO_FILE, "It names the inputs of main().");
  const { objectType } = metadata;
  const listed = normaliseInputInfo(await readJson(opened, file), { variant, objectType, warnings });
  return addChatInputs(addFunctionInputs(listed, metadata, warnings), metadata, warnings);
}

async function readMetadataFile(opened: OpenArtifact, warnings: Problem[]): Promise<Metadata> {
  const file = findFile(opened, METADATA_FILE);
  if (file === undefined) {
    warnings.push(missing(METADATA_FILE, "Name, version and output type are unknown."));
    return NO_METADATA;
  }
  const read = readMetadata(await readJson(opened, file));
  warnings.push(...read.warnings);
  return read.metadata;
}

async function readVersionsFile(opened: OpenArtifact, warnings: Problem[]): Promise<Versions> {
  const file = VERSIONS_FILES.map((path) => findFile(opened, path)).find((found) => found !== undefined);
  if (file === undefined) {
    warnings.push(missing(VERSIONS_FILES[0], "The versions of Python and its libraries cannot be compared."));
    return NO_VERSIONS;
  }
  const read = readVersions(await readJson(opened, file), file.path);
  warnings.push(...read.warnings);
  return read.versions;
}

function findFile(opened: OpenArtifact, path: string): ArtifactFile | undefined {
  return opened.files.find((file) => file.path === path);
}

function requireFile(opened: OpenArtifact, path: string, purpose: string): ArtifactFile {
  const file = findFile(opened, path);
  if (file !== undefined) return file;
  throw refusal(
    path,
    "",
    `The file is missing. ${purpose}`,
    "Export the artifact again, with all of its files.",
  );
}

function missing(where: string, message: string): Problem {
  return {
    where,
    path: "",
    message: `The file is missing. ${message}`,
    remedy: "Export the artifact with it.",
  };
}

/**
 * Reads a JSON file that is part of the digest, and makes sure that its bytes still are.
 * @throws Refusal `artifact`
 */
export async function readJson(opened: Pick<OpenArtifact, "root">, file: ArtifactFile): Promise<JsonValue> {
  if (file.size > MOST_JSON_BYTES) {
    const message = `The file is larger than ${MOST_JSON_BYTES} bytes.`;
    throw refusal(file.path, "", message, "Export the artifact again; no file of this kind is that large.");
  }
  return parseStrictJson(await readArtifactFile(opened.root, file), file.path);
}
