/** The form of `inspect --json`, from which its JSON Schema is written. Keys may be added to it; none is taken away or changed. */
import { z } from "zod";
import { RESULT_ORIGINS } from "../contract/model.js";
import { EDGE_ORIGINS, NODE_KINDS } from "../lineage/graph.js";
import { VERSION_STATES } from "./compare-versions.js";
import { FILE_ROLES, FOUND_BY, TYPE_ORIGINS } from "./description.js";

const text = z.string();
const json = z.unknown();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

function about<T extends z.ZodType>(type: T, description: string): T {
  return type.describe(description);
}

const COLUMN = z.strictObject({
  alias: about(text, "The artifact's own name."),
  type: about(text, "As the file, or the lock, spells it; `Any` where nothing states it."),
  type_origin: z.enum(TYPE_ORIGINS),
  nullable: about(z.boolean(), "True: it may be left out or null."),
  description: text,
  unit: text.optional(),
  source: about(text.optional(), "Where the value comes from."),
  null_meaning: about(text.optional(), "What a missing value means."),
  allowed_values: z.array(text).optional(),
  default: about(json.optional(), "What stands in for nothing; left out when nothing does."),
});

const PROBLEM = z.strictObject({ where: text, path: text, message: text, remedy: text });
const SOURCE = z.strictObject({
  file: about(text, "Relative to the root."),
  path: about(text, "JSON path; empty for the whole file."),
});

const SETTINGS = z.strictObject({
  name: text,
  source: SOURCE,
  found_by: z.enum(FOUND_BY),
  settings: z.array(
    z.strictObject({
      name: about(text, "The usual word, `max_tokens` for `maxOutputTokens`; else the file's own."),
      key: about(text, "As the file spells it."),
      is_known: z.boolean(),
      is_secret: about(z.boolean(), "True: the value is not shown."),
      value: json,
    }),
  ),
});

const PROMPT = z.strictObject({
  name: text,
  version: text.nullable(),
  role: about(text.nullable(), "`system`, `user`… of a message."),
  source: SOURCE,
  found_by: z.enum(FOUND_BY),
  placeholders: about(z.array(text), "Names of what is put in, in their order."),
  text: about(text.nullable(), "Null when it is too long or not UTF-8."),
});

const COMPONENT = z.strictObject({
  ref: about(text, "By which others speak of it."),
  folder: text,
  name: text,
  object_type: text.nullable(),
  version: text.nullable(),
  description: text.nullable(),
  entry: about(text.nullable(), "The module in which Python would look for main()."),
  has_main: about(z.boolean(), "True when the text of that module defines or imports a main."),
  uses: z.array(text),
  inputs: about(z.array(text), "Tables and arguments of its own input_info.json."),
  files: count,
  bytes: count,
});

const LINEAGE = z
  .strictObject({
    directed: z.literal(true),
    multigraph: z.literal(false),
    graph: z.strictObject({}),
    nodes: z.array(
      z.strictObject({
        id: about(text, "Unique in the graph."),
        kind: z.enum(NODE_KINDS),
        ref: about(text, "What the artifact's files call it."),
        name: text,
        table: about(text.optional(), "The id of the table of a column."),
        object_type: text.optional(),
        version: text.optional(),
        type: text.optional(),
        description: text.optional(),
        folder: text.optional(),
        files: z.array(text),
      }),
    ),
    edges: z.array(
      z.strictObject({
        source: about(text, "The id of what is used."),
        target: about(text, "The id of what uses it."),
        origin: about(
          z.enum(EDGE_ORIGINS),
          "`implied`: nothing states what uses it; `selected`: asked for with --include.",
        ),
      }),
    ),
  })
  .describe("Node-link form, as networkx reads it.");

const REPORT = z.strictObject({
  alias: about(text, "The name of the service."),
  digest: about(z.string().regex(/^sha256:[0-9a-f]{64}$/), "Over the sorted paths and contents."),
  source: about(text, "The folder or archive as it was named."),
  name: text.nullable(),
  version: text.nullable(),
  object_type: about(text.nullable(), "Model, Policy, Feature, Pipeline…"),
  pipeline_type: text.nullable(),
  description: text.nullable(),
  groups: z.array(text),
  permissible_purpose: z.array(text),
  dependent_variable: about(json, "As the file has it."),
  artifact_format: text.nullable(),
  input_info_variant: about(z.array(text).nullable(), "The shapes of docs/artifact.md, outermost first."),
  tables: z.array(
    z.strictObject({ alias: text, nullable: z.boolean(), description: text, columns: z.array(COLUMN) }),
  ),
  arguments: z.array(COLUMN),
  runtime_params: z.array(COLUMN),
  output_type: text.nullable(),
  output_origin: z.enum(RESULT_ORIGINS),
  output_fields: z.array(z.strictObject({ name: text, type: text })),
  service: about(
    z.strictObject({ soap: text, soap12: text, namespace: text, grpc: text }).nullable(),
    "Null when it cannot be served as it is.",
  ),
  contract_problems: about(z.array(PROBLEM), "Why it cannot be served as it is."),
  versions: z.strictObject({ python: text.nullable(), libraries: z.record(text, text) }),
  installed: z.array(
    z.strictObject({
      name: text,
      made_with: text,
      installed: text.nullable(),
      state: z.enum(VERSION_STATES),
    }),
  ),
  llm_settings: z.array(SETTINGS),
  prompts: z.array(PROMPT),
  knowledge: z.array(
    z.strictObject({ path: text, size: count, sha256, object: text.nullable(), found_by: z.enum(FOUND_BY) }),
  ),
  components: z.array(COMPONENT),
  lineage: LINEAGE,
  files: z.array(z.strictObject({ path: text, size: count, sha256, role: z.enum(FILE_ROLES) })),
  other_metadata: about(z.record(text, json), "What else metadata.json says."),
  warnings: about(z.array(PROBLEM), "What was missing or not understood."),
});

/** JSON Schema (2020-12) of `inspect --json`. */
export function reportJsonSchema(): object {
  return {
    $id: "urn:artifact-gateway:inspect:1",
    ...z.toJSONSchema(REPORT, { unrepresentable: "any", io: "input" }),
  };
}
