/** What an artifact is, for people at a terminal. */
import type { ComparedVersion, VersionState } from "../describe/compare-versions.js";
import { FILE_ROLES, type ArtifactDescription, type Component } from "../describe/description.js";
import { describeProblem } from "../errors.js";
import { writeJson } from "../json-text.js";
import { abbreviated, visibleLines, visibleText } from "../visible-text.js";
import { beyond, listed, printKnowledge, printPrompts, printSettings } from "./print-genai.js";
import { counted, printOutput, printSingles, printTable } from "./print-inputs.js";
import { printLineage } from "./print-lineage.js";
import { alignedRows, indented, type Cell, type Style, type Terminal } from "./terminal.js";

const LONGEST_FACT = 400;
const LONGEST_DESCRIPTION = 2000;
const MOST_TREE_LINES = 40;

/** @param isFull nothing is grouped or cut to a few lines */
export function printDescription(
  description: ArtifactDescription,
  terminal: Terminal,
  isFull: boolean,
): string {
  const { tables, output, lineage, settings, prompts, knowledge } = description;
  const { description: about = "" } = description;
  const sections = [
    // In a line by itself a digest can be copied as a whole.
    `${alignedRows(facts(description), terminal)}\ndigest  ${description.digest}`,
    visibleLines(about, LONGEST_DESCRIPTION)
      .map((line) => indented(line, "", terminal.width))
      .join("\n"),
    problems(description, terminal),
    ...tables.map((table) => printTable(table, terminal, isFull)),
    printSingles("arguments", description.arguments, terminal, isFull),
    printSingles("runtime parameters", description.parameters, terminal, isFull),
    printOutput(output, terminal),
    `${terminal.paint("bold", "lineage")}\n${printLineage(lineage, terminal, isFull ? undefined : MOST_TREE_LINES)}`,
    components(description, terminal, isFull),
    ...printSettings(settings, terminal, isFull),
    ...printPrompts(prompts, terminal, isFull),
    printKnowledge(knowledge, terminal, isFull),
    versions(description, terminal),
    files(description, terminal),
    otherMetadata(description, terminal),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function facts(description: ArtifactDescription): readonly (readonly string[])[] {
  const { alias, name = alias, version = "", objectType, pipelineType, service, output } = description;
  const variant = description.inputInfoVariant;
  const rows = [
    ["artifact", `${name} ${version}`.trim()],
    ["kind", [objectType ?? "not stated", pipelineType].filter((part) => part !== undefined).join(", ")],
    ["alias", alias],
    ["source", description.source],
    ["input_info.json", variant === undefined ? "" : `${variant.codes.join(", ")} (${variant.name})`],
    ["artifact format", description.artifactFormat ?? ""],
    ["groups", description.groups.join(", ")],
    ["permissible purpose", description.permissiblePurpose.join(", ")],
    ["dependent variable", dependent(description)],
    ["SOAP", service?.soap ?? ""],
    ["gRPC", service?.grpc ?? ""],
    ["answer", answer(output, description.source)],
  ];
  return rows
    .filter(([, value]) => value !== "")
    .map((row) => row.map((text) => visibleText(text, LONGEST_FACT)));
}

function dependent({ dependentVariable }: ArtifactDescription): string {
  if (dependentVariable === undefined) return "";
  const { alias, type, description, stated } = dependentVariable;
  if (alias === undefined) return writeJson(stated);
  const typed = type === undefined ? alias : `${alias} (${type})`;
  return description === undefined ? typed : `${typed}: ${description}`;
}

function answer({ origin, type = "" }: ArtifactDescription["output"], source: string): string {
  if (origin === "undeclared") {
    const command = `artifact-gateway lock ${source} --sample FILE --out contract.lock.json`;
    return `not declared: served as a dynamic value; \`${command}\` learns it`;
  }
  return `${type} (${ANSWER_FROM[origin]})`;
}

const ANSWER_FROM = {
  declared: "stated in the lock",
  metadata: "metadata.json",
  samples: "learned from samples",
} as const satisfies Record<Exclude<ArtifactDescription["output"]["origin"], "undeclared">, string>;

function problems({ contractProblems }: ArtifactDescription, { paint, width }: Terminal): string {
  if (contractProblems.length === 0) return "";
  const lines = contractProblems.map((problem) => indented(describeProblem(problem), "  ", width));
  return [paint("red", "cannot be served as it is"), ...lines].join("\n");
}

const STATES = {
  same: ["same", "green"],
  differs: ["differs", "yellow"],
  missing: ["not installed", "red"],
  unknown: ["", "dim"],
} as const satisfies Record<VersionState, readonly [string, Style]>;

function versions({ versions: { python, libraries } }: ArtifactDescription, terminal: Terminal): string {
  const all = [...(python === undefined ? [] : [python]), ...libraries];
  if (all.length === 0) return "";
  const rows = all.map(({ name, made, installed = "", state }: ComparedVersion): Cell[] => {
    const [text, style] = STATES[state];
    return [...[name, made, installed].map((one) => visibleText(one, 100)), { text, style }];
  });
  const isAsked = all.some(({ state }) => state !== "unknown");
  const head: Cell[] = ["", "made with", isAsked ? "installed" : ""].map((text) => ({ text, style: "dim" }));
  return `${terminal.paint("bold", "versions")}\n${alignedRows([head, ...rows], terminal, "  ")}`;
}

function components({ components: all }: ArtifactDescription, terminal: Terminal, isFull: boolean): string {
  if (all.length === 0) return "";
  const lines = listed(all, isFull).map((component) => printComponent(component, terminal));
  return [terminal.paint("bold", "components"), ...lines, ...beyond(all, isFull)].join("\n");
}

function printComponent(component: Component, { width, paint }: Terminal): string {
  const {
    ref,
    objectType,
    version,
    description,
    entry,
    hasMain,
    inputs,
    folder,
    files: count,
    bytes,
  } = component;
  const kind = [objectType, version === undefined ? undefined : `version ${version}`];
  const facts = [ref, ...kind.filter((part) => part !== undefined)].join(", ");
  const runs = entry === undefined || !hasMain ? "no main()" : `main() in ${entry}`;
  const wants = inputs.length === 0 ? "" : `; wants ${inputs.join(", ")}`;
  const details = [
    `${folder}: ${counted(count, "file")}, ${bytes} bytes; ${runs}${wants}`,
    description ?? "",
  ];
  return [
    indented(visibleText(facts, LONGEST_FACT), "  ", width),
    ...details
      .filter((text) => text !== "")
      .map((text) => paint("dim", indented(visibleText(text, LONGEST_FACT), "      ", width))),
  ].join("\n");
}

function files({ files: all }: ArtifactDescription, terminal: Terminal): string {
  const rows = FILE_ROLES.flatMap((role) => {
    const those = all.filter((file) => file.role === role);
    const bytes = those.reduce((sum, { size }) => sum + size, 0);
    return those.length === 0 ? [] : [[role, counted(those.length, "file"), `${bytes} bytes`]];
  });
  const models = all
    .filter(({ role }) => role === "model")
    .slice(0, 20)
    .map(({ path, sha256 }) => {
      const shown = indented(abbreviated(path, LONGEST_FACT), "  ", terminal.width);
      return `${shown}\n${terminal.paint("dim", `      ${sha256}`)}`;
    });
  return [terminal.paint("bold", "files"), alignedRows(rows, terminal, "  "), ...models].join("\n");
}

function otherMetadata({ otherMetadata: members }: ArtifactDescription, terminal: Terminal): string {
  const rows = Object.entries(members)
    .slice(0, 100)
    .map(([key, value]) => [abbreviated(key, 40), visibleText(writeJson(value), LONGEST_FACT)]);
  if (rows.length === 0) return "";
  return `${terminal.paint("bold", "other metadata")}\n${alignedRows(rows, terminal, "  ")}`;
}
