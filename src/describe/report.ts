/** The description as JSON: the stable form of `inspect --json`, which `docs/inspect.schema.json` describes. */
import type { JsonReport } from "../json-text.js";
import { lineageJson } from "../lineage/lineage-json.js";
import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";
import type { ComparedVersion } from "./compare-versions.js";
import type {
  ArtifactDescription,
  Component,
  DescribedColumn,
  DescribedOutput,
  LlmSettings,
  Prompt,
} from "./description.js";

/** Every key is always there, with null for what is not known, but for those of documentation and of lineage nodes. */
export function reportOf(description: ArtifactDescription): JsonReport {
  const { versions, dependentVariable: dependent, service } = description;
  return {
    alias: description.alias,
    digest: description.digest,
    source: description.source,
    name: description.name ?? null,
    version: description.version ?? null,
    object_type: description.objectType ?? null,
    pipeline_type: description.pipelineType ?? null,
    description: description.description ?? null,
    groups: description.groups,
    permissible_purpose: description.permissiblePurpose,
    dependent_variable: dependent === undefined ? null : dependent.stated,
    artifact_format: description.artifactFormat ?? null,
    input_info_variant: description.inputInfoVariant?.codes ?? null,
    tables: description.tables.map(({ alias, nullable, description: about, columns }) => ({
      alias,
      nullable,
      description: about,
      columns: columns.map(columnReport),
    })),
    arguments: description.arguments.map(columnReport),
    runtime_params: description.parameters.map(columnReport),
    output_type: description.output.type ?? null,
    output_origin: description.output.origin,
    output_fields: outputFields(description.output),
    service: service === undefined ? null : { ...service },
    contract_problems: description.contractProblems.map((problem) => ({ ...problem })),
    versions: {
      python: versions.python?.made ?? null,
      libraries: Object.fromEntries(versions.libraries.map(({ name, made }) => [name, made])),
    },
    installed: [...(versions.python === undefined ? [] : [versions.python]), ...versions.libraries].map(
      versionReport,
    ),
    llm_settings: description.settings.map(settingsReport),
    prompts: description.prompts.map(promptReport),
    knowledge: description.knowledge.map(({ file: { path, size, sha256 }, object, foundBy }) => ({
      path,
      size,
      sha256,
      object: object ?? null,
      found_by: foundBy,
    })),
    components: description.components.map(componentReport),
    lineage: lineageJson(description.lineage),
    files: description.files.map(({ path, size, sha256, role }) => ({ path, size, sha256, role })),
    other_metadata: description.otherMetadata,
    warnings: description.warnings.map((problem) => ({ ...problem })),
  };
}

function columnReport(column: DescribedColumn): JsonReport {
  const { alias, type, typeOrigin, nullable, description, documentation, default: fallback } = column;
  const { unit, source, nullMeaning, allowedValues } = documentation;
  return {
    alias,
    type,
    type_origin: typeOrigin,
    nullable,
    description,
    unit,
    source,
    null_meaning: nullMeaning,
    allowed_values: allowedValues,
    default: fallback === undefined ? undefined : defaultReport(fallback),
  };
}

/** Decimals and dates as text, records and maps as objects. */
function defaultReport(value: Value): unknown {
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate)
    return value.text;
  if (value === null || typeof value !== "object") {
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  }
  if (Array.isArray(value)) return value.map(defaultReport);
  const members = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    members.map(([key, member]) => [String(defaultReport(key)), defaultReport(member)]),
  );
}

function outputFields({ fields }: DescribedOutput): unknown {
  return fields.map(({ name, type }) => ({ name, type }));
}

function versionReport({ name, made, installed, state }: ComparedVersion): JsonReport {
  return { name, made_with: made, installed: installed ?? null, state };
}

function settingsReport({ name, source, foundBy, settings }: LlmSettings): JsonReport {
  return {
    name,
    source: { ...source },
    found_by: foundBy,
    settings: settings.map(({ name: setting, key, isKnown, value }) => ({
      name: setting,
      key,
      is_known: isKnown,
      is_secret: value === undefined,
      value: value === undefined ? null : value,
    })),
  };
}

function promptReport({ name, version, role, source, foundBy, text, placeholders }: Prompt): JsonReport {
  return {
    name,
    version: version ?? null,
    role: role ?? null,
    source: { ...source },
    found_by: foundBy,
    placeholders,
    text: text ?? null,
  };
}

function componentReport(component: Component): JsonReport {
  return {
    ref: component.ref,
    folder: component.folder,
    name: component.name,
    object_type: component.objectType ?? null,
    version: component.version ?? null,
    description: component.description ?? null,
    entry: component.entry ?? null,
    has_main: component.hasMain,
    uses: component.uses,
    inputs: component.inputs,
    files: component.files,
    bytes: component.bytes,
  };
}
