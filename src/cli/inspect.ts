/** `inspect`: what an artifact is, what it wants and what it answers, without running any of it. */
import type { InputColumn } from "../artifact/input-info.js";
import type { Artifact } from "../artifact/read-artifact.js";
import { soapPath, type ResultOrigin, type Service } from "../contract/model.js";
import { contractOne, readLocks, variantIn } from "../contracted.js";
import { encodeJson } from "../json/encode.js";
import { formatTable } from "./table.js";
import { withArtifact } from "./with-artifact.js";

interface InspectFlags {
  readonly json?: boolean;
  readonly lock?: string;
}

export async function inspect(path: string, { json, lock: lockPath }: InspectFlags): Promise<void> {
  const locks = readLocks({ lock: lockPath === undefined ? [] : [lockPath] });
  const text = await withArtifact(
    path,
    (artifact) => {
      const { service } = contractOne(artifact, locks, false);
      return json === true
        ? `${JSON.stringify(report(artifact, service), null, 2)}\n`
        : describe(artifact, service);
    },
    variantIn(locks),
  );
  process.stdout.write(text);
}

/** The stable form of `--json`. */
function report(artifact: Artifact, service: Service): object {
  const { alias, digest, source, metadata, inputs, versions, warnings, files } = artifact;
  return {
    alias,
    digest,
    source,
    name: metadata.name ?? null,
    version: metadata.version ?? null,
    object_type: metadata.objectType ?? null,
    description: metadata.description ?? null,
    groups: metadata.groups ?? [],
    permissible_purpose: metadata.permissiblePurpose ?? [],
    artifact_format: metadata.format ?? null,
    input_info_variant: inputs.variant?.codes ?? null,
    tables: inputs.tables.map(({ alias: table, nullable, description, columns }) => ({
      alias: table,
      nullable,
      description,
      columns: columns.map(columnReport),
    })),
    arguments: inputs.arguments.map(columnReport),
    runtime_params: inputs.parameters.map(columnReport),
    output_type:
      service.resultOrigin === "undeclared" ? null : service.operation.response.fields[0].spelledType,
    output_origin: service.resultOrigin,
    versions: {
      python: versions.python ?? null,
      libraries: Object.fromEntries(versions.libraries.map(({ name, version }) => [name, version])),
    },
    service: {
      soap: soapPath(service),
      namespace: service.namespace,
      grpc: grpcMethod(service),
    },
    files: files.map(({ path: file, size, sha256 }) => ({ path: file, size, sha256 })),
    warnings,
  };
}

function columnReport({ alias, spelledType, nullable, description, default: fallback }: InputColumn): object {
  return {
    alias,
    type: spelledType,
    nullable,
    description,
    ...(fallback === undefined ? {} : { default: JSON.parse(encodeJson(fallback)) as unknown }),
  };
}

function describe(artifact: Artifact, service: Service): string {
  const { alias, digest, source, metadata, inputs, versions, files } = artifact;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const facts = [
    ["artifact", [metadata.name ?? alias, metadata.version].filter((part) => part !== undefined).join(" ")],
    ["kind", metadata.objectType ?? "not stated"],
    ["source", source],
    ["input_info.json", variantText(artifact)],
    ["digest", digest],
    ["files", `${files.length}, ${bytes} bytes`],
    ["groups", (metadata.groups ?? []).join(", ")],
    ["permissible purpose", (metadata.permissiblePurpose ?? []).join(", ")],
    ["python", versions.python ?? "not stated"],
    ["libraries", versions.libraries.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ["SOAP", soapPath(service)],
    ["gRPC", grpcMethod(service)],
    ["answer", describeAnswer(service, source)],
  ].filter(([, value]) => value !== "");
  const sections = [
    ...inputs.tables.map((table) => {
      const rows = table.nullable ? "any number of rows" : "at least one row";
      return section(`table ${table.alias} (${rows})`, table.columns);
    }),
    section("arguments", inputs.arguments),
    section("runtime parameters", inputs.parameters),
  ].filter((text) => text !== "");
  return `${[formatTable(facts), metadata.description ?? "", ...sections].filter((text) => text !== "").join("\n\n")}\n`;
}

/** In which of the ways that people write it the file was written: `V6, V5, V3 (sections under keys of their own; …)`. */
function variantText({ inputs: { variant } }: Artifact): string {
  return variant === undefined ? "" : `${variant.codes.join(", ")} (${variant.name})`;
}

function describeAnswer({ resultOrigin, operation }: Service, source: string): string {
  const [{ spelledType }] = operation.response.fields;
  if (resultOrigin !== "undeclared") return `${spelledType} (${RESULT_FROM[resultOrigin]})`;
  const command = `artifact-gateway lock ${source} --sample FILE --out contract.lock.json`;
  return `not declared: served as a dynamic value; \`${command}\` learns it`;
}

const RESULT_FROM = {
  declared: "stated in the lock",
  metadata: "metadata.json",
  samples: "learned from samples",
} as const satisfies Record<Exclude<ResultOrigin, "undeclared">, string>;

function section(title: string, columns: readonly InputColumn[]): string {
  if (columns.length === 0) return "";
  const rows = columns.map((column) => [
    column.alias,
    column.spelledType,
    column.default === undefined
      ? column.nullable
        ? "optional"
        : "required"
      : `default ${encodeJson(column.default)}`,
  ]);
  return `${title}\n${formatTable(rows, "  ")}`;
}

function grpcMethod(service: Service): string {
  return `${service.protoPackage}.${service.name}/${service.operation.name}`;
}
