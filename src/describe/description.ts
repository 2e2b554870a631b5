/** What an artifact is, in words that know no terminal and no page: `inspect` prints it, and its JSON says the same. */
import type { ArtifactFile } from "../artifact/files.js";
import type { ColumnDocumentation } from "../artifact/input-info.js";
import type { FoundVariant } from "../artifact/input-info-variants.js";
import type { ResultOrigin } from "../contract/model.js";
import type { Problem } from "../errors.js";
import type { Lineage } from "../lineage/graph.js";
import type { JsonObject, JsonValue } from "../strict-json.js";
import type { Value } from "../values.js";
import type { ComparedVersions } from "./compare-versions.js";

/** Where a type is from: the file of the inputs, the metadata, the platform's convention for chats, or the contract lock. */
export const TYPE_ORIGINS = ["input_info.json", "metadata.json", "convention", "lock", "unknown"] as const;
export type TypeOrigin = (typeof TYPE_ORIGINS)[number];

/** How something was recognised: the metadata says so, the name of the file or its folder, or what is in the file. */
export const FOUND_BY = ["metadata", "name", "content"] as const;
export type FoundBy = (typeof FOUND_BY)[number];

export const FILE_ROLES = [
  "code",
  "description",
  "settings",
  "prompt",
  "knowledge",
  "model",
  "other",
] as const;
/** What a file is for; `description` are the JSON files about the artifact, `model` are trained models. */
export type FileRole = (typeof FILE_ROLES)[number];

export interface DescribedColumn {
  readonly alias: string;
  /** As the file, or the lock, spells it; `Any` where nothing states it. */
  readonly type: string;
  readonly typeOrigin: TypeOrigin;
  readonly nullable: boolean;
  readonly description: string;
  readonly documentation: ColumnDocumentation;
  readonly default?: NonNullable<Value>;
}

export interface DescribedTable {
  readonly alias: string;
  /** True: any number of rows, none included. */
  readonly nullable: boolean;
  readonly description: string;
  readonly columns: readonly DescribedColumn[];
}

export interface DescribedOutput {
  readonly origin: ResultOrigin;
  /** Left out when nothing declares it. */
  readonly type?: string;
  /** True: a list of records. */
  readonly isList: boolean;
  /** The members of a record; empty for everything else. */
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** Where something stands: a file, or a place in one. */
export interface Source {
  /** Relative to the root. */
  readonly file: string;
  /** JSON path; empty for the whole file. */
  readonly path: string;
}

export interface LlmSetting {
  /** The usual word: `max_tokens` for `maxOutputTokens`; for what is not known the file's own. */
  readonly name: string;
  /** As the file spells it. */
  readonly key: string;
  /** False: none of the usual words. */
  readonly isKnown: boolean;
  /** Left out when the name says that it is a secret. */
  readonly value?: JsonValue;
}

export interface LlmSettings {
  readonly name: string;
  readonly source: Source;
  readonly foundBy: FoundBy;
  readonly settings: readonly LlmSetting[];
}

export interface Prompt {
  readonly name: string;
  readonly version?: string;
  /** `system`, `user`… of a message. */
  readonly role?: string;
  readonly source: Source;
  readonly foundBy: FoundBy;
  /** Left out when it is too long or not UTF-8. */
  readonly text?: string;
  /** Names of what is put in, in their order: `$passages`, `{passages}` and `{{ passages }}` all give `passages`. */
  readonly placeholders: readonly string[];
}

export interface KnowledgeFile {
  readonly file: ArtifactFile;
  /** The object of the platform that it belongs to. */
  readonly object?: string;
  readonly foundBy: FoundBy;
}

/** A part of the artifact in a folder of its own, with a `metadata.json` of its own. */
export interface Component {
  readonly ref: string;
  readonly folder: string;
  readonly name: string;
  readonly objectType?: string;
  readonly version?: string;
  readonly description?: string;
  /** The module in which Python would look for its `main()`. */
  readonly entry?: string;
  /** True when the text of that module defines or imports a `main`. */
  readonly hasMain: boolean;
  /** Names of what it is made from. */
  readonly uses: readonly string[];
  /** Of its own `input_info.json`: tables and arguments. */
  readonly inputs: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

export interface DescribedFile extends ArtifactFile {
  readonly role: FileRole;
}

export interface ServedAs {
  readonly soap: string;
  readonly soap12: string;
  readonly namespace: string;
  readonly grpc: string;
}

export interface DependentVariable {
  readonly alias?: string;
  readonly type?: string;
  readonly description?: string;
  /** As the file has it. */
  readonly stated: JsonValue;
}

export interface ArtifactDescription {
  readonly alias: string;
  readonly name?: string;
  readonly version?: string;
  /** `Model`, `Policy`, `Feature`, `Pipeline`… as the platform writes it, else as the file does. */
  readonly objectType?: string;
  /** `Chat`, `FreeForm`… */
  readonly pipelineType?: string;
  readonly description?: string;
  /** The folder or archive as it was named. */
  readonly source: string;
  readonly digest: string;
  readonly artifactFormat?: string;
  readonly groups: readonly string[];
  readonly permissiblePurpose: readonly string[];
  readonly dependentVariable?: DependentVariable;
  readonly inputInfoVariant?: FoundVariant;
  readonly tables: readonly DescribedTable[];
  readonly arguments: readonly DescribedColumn[];
  readonly parameters: readonly DescribedColumn[];
  readonly output: DescribedOutput;
  /** Left out when it cannot be served as it is; `contractProblems` say why. */
  readonly service?: ServedAs;
  readonly contractProblems: readonly Problem[];
  readonly versions: ComparedVersions;
  readonly settings: readonly LlmSettings[];
  readonly prompts: readonly Prompt[];
  readonly knowledge: readonly KnowledgeFile[];
  readonly components: readonly Component[];
  readonly lineage: Lineage;
  readonly files: readonly DescribedFile[];
  /** What else `metadata.json` says, untouched. */
  readonly otherMetadata: JsonObject;
  /** What was missing or not understood. */
  readonly warnings: readonly Problem[];
}
