/**
 * What `metadata.json` says about the artifact. The vendor publishes no list of its keys and nobody may edit the file,
 * so everything is optional, what cannot be used is kept under `extra`, and that is a warning rather than an end.
 */
import type { Problem } from "../errors.js";
import { dataTypeOrReason, isStatedType, type DataType } from "./data-type.js";
import { memberPath } from "../problems.js";
import { isJsonObject, type JsonValue } from "../strict-json.js";

export interface Metadata {
  readonly alias?: string | undefined;
  readonly name?: string | undefined;
  /** The version of the object on the governance platform; a number is written as text. */
  readonly version?: string | undefined;
  /** `Model`, `Policy`, `Pipeline`… as the file spells it. */
  readonly objectType?: string | undefined;
  readonly description?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly permissiblePurpose?: readonly string[] | undefined;
  /** `Chat`, `FreeForm`… as the file spells it. */
  readonly pipelineType?: string | undefined;
  readonly interactionType?: string | undefined;
  /** Type of the context of a chat pipeline, as the file spells it. */
  readonly contextType?: string | undefined;
  /** The arguments of a pipeline, in whatever form the file has them. */
  readonly functionInputs?: JsonValue | undefined;
  /** The dependent variable of a model, in whatever form the file has it. */
  readonly dependent?: JsonValue | undefined;
  /** The artifact format, verbatim. */
  readonly format?: string | undefined;
  readonly outputType?: DataType | undefined;
  readonly spelledOutputType?: string | undefined;
  readonly outputAlias?: string | undefined;
  /** Every other key, untouched. */
  readonly extra: ReadonlyMap<string, JsonValue>;
}

export const METADATA_FILE = "metadata.json";

type Known = Exclude<keyof Metadata, "extra" | "outputType">;

/** The spellings of each key; where a file has several, the first one here counts. */
const SPELLINGS = {
  alias: ["alias"],
  name: ["name"],
  version: ["version"],
  objectType: ["object_type", "objectType"],
  description: ["description"],
  groups: ["groups", "group"],
  permissiblePurpose: ["permissible_purpose", "permissiblePurpose", "permissible_tags", "permissibleTags"],
  pipelineType: ["pipeline_type", "pipelineType"],
  interactionType: ["interaction_type", "interactionType"],
  contextType: ["context_type", "contextType"],
  functionInputs: ["function_inputs", "functionInputs"],
  dependent: ["dependent", "dependent_variable", "dependentVariable"],
  format: [
    "artifact_format",
    "artifactFormat",
    "format",
    "format_version",
    "formatVersion",
    "artifact_version",
    "artifactVersion",
  ],
  spelledOutputType: ["output_type", "outputType"],
  outputAlias: ["output_alias", "outputAlias"],
} as const satisfies Record<Known, readonly string[]>;

/** What every missing `metadata.json` amounts to. */
export const NO_METADATA: Metadata = Object.freeze({ extra: new Map<string, JsonValue>() });

/** Takes the value of a known key out of the file, or nothing and notes why. */
type Take = <T>(known: Known, read: (value: JsonValue) => T | undefined, expected: string) => T | undefined;

/** Reads the file's content. Never refuses: what cannot be used is left in `extra` with a warning. */
export function readMetadata(json: JsonValue): {
  readonly metadata: Metadata;
  readonly warnings: readonly Problem[];
} {
  const warnings: Problem[] = [];
  const warn = (path: string, message: string): void => {
    const remedy = "Nothing, if the gateway can do without it.";
    warnings.push({ where: METADATA_FILE, path, message, remedy });
  };
  if (!isJsonObject(json)) {
    warn("", "Expected an object; nothing of it is used.");
    return { metadata: NO_METADATA, warnings };
  }
  const extra = new Map(Object.entries(json));
  const take: Take = (known, read, expected) => {
    const [key, other] = spellingsIn(extra, known);
    if (key === undefined) return undefined;
    const value = read(extra.get(key) ?? null);
    if (value === undefined) warn(memberPath("", key), `Expected ${expected}; the value is not used.`);
    else extra.delete(key);
    if (other !== undefined) warn(memberPath("", other), `\`${key}\` says the same; this one is not used.`);
    return value;
  };
  const [outputKey = ""] = spellingsIn(extra, "spelledOutputType");
  const described = takeDescribed(take);
  const spelledOutputType = take("spelledOutputType", asText, "text");
  if (spelledOutputType === undefined) {
    return { metadata: { ...described, ...takeType(extra, described.objectType), extra }, warnings };
  }
  const outputType = outputTypeOrReason(spelledOutputType);
  if (typeof outputType !== "string") {
    return { metadata: { ...described, outputType, spelledOutputType, extra }, warnings };
  }
  warn(memberPath("", outputKey), `${outputType}; the output counts as undeclared.`);
  return { metadata: { ...described, spelledOutputType, extra }, warnings };
}

function takeDescribed(take: Take): Omit<Metadata, "extra"> {
  return {
    alias: take("alias", asText, "text"),
    name: take("name", asText, "text"),
    version: take("version", asTextOrInteger, "text or a whole number"),
    objectType: take("objectType", asText, "text"),
    description: take("description", asText, "text"),
    groups: take("groups", asTexts, "text or a list of text"),
    permissiblePurpose: take("permissiblePurpose", asTexts, "text or a list of text"),
    pipelineType: take("pipelineType", asText, "text"),
    interactionType: take("interactionType", asText, "text"),
    contextType: take("contextType", asText, "text"),
    functionInputs: take("functionInputs", (value) => value, "a value"),
    dependent: take("dependent", (value) => value, "a value"),
    format: take("format", asTextOrInteger, "text or a whole number"),
    outputAlias: take("outputAlias", asText, "text"),
  };
}

/**
 * The key `type` stands for the output type in the platform's own interface, but can as well name the kind of object:
 * it counts as the one when it reads as a type, else as the other when that has no key of its own.
 */
function takeType(extra: Map<string, JsonValue>, objectType: string | undefined): Omit<Metadata, "extra"> {
  const text = asText(extra.get("type") ?? null);
  const type = text === undefined ? undefined : outputTypeOrReason(text);
  if (type === undefined || (typeof type === "string" && objectType !== undefined)) return {};
  extra.delete("type");
  return typeof type === "string" ? { objectType: text } : { outputType: type, spelledOutputType: text };
}

/** An answer of any type is one whose type is not declared. */
function outputTypeOrReason(text: string): DataType | string {
  const type = dataTypeOrReason(text);
  return typeof type === "string" || isStatedType(type) ? type : "`Any` says nothing about the answer";
}

/** The spellings of a key that the file has a value for; null is the same as nothing. */
function spellingsIn(extra: ReadonlyMap<string, JsonValue>, known: Known): string[] {
  return SPELLINGS[known].filter((spelling) => (extra.get(spelling) ?? null) !== null);
}

function asText(value: JsonValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A fraction is refused: `1.10` as a JSON number is already `1.1`. */
function asTextOrInteger(value: JsonValue): string | undefined {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value)))
    return String(value);
  return asText(value);
}

/** An object stands for its alias or name, as the platform's own interface lists groups. */
function asTexts(value: JsonValue): readonly string[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  const texts = values
    .map((item) => (isJsonObject(item) ? (item["alias"] ?? item["name"]) : item))
    .filter((item) => typeof item === "string");
  return texts.length === values.length ? texts : undefined;
}
