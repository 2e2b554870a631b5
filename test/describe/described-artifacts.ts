/** Artifacts whose descriptions are kept as golden files: the examples, and ten that say things in other ways. */
import { generatedArtifacts } from "../interop/generated-artifacts.js";

export const EXAMPLES = ["credit_decision", "default_risk", "card_assistant"] as const;

/** Path to content. */
export type Bundle = Readonly<Record<string, string>>;

const CODE = { "python_dict/__init__.py": "def main(data):\n    return {}\n" };
const VERSIONS = {
  "python_dict/versions.json": '{"python": "3.11.4", "numpy": "1.26.4", "xgboost": "2.0.3"}',
};
const TABLE = {
  loan: {
    amount: "decimal(11,2)",
    income: "Numerical",
    opened_on: "date",
  },
};

function bundle(metadata: object, inputInfo: object, files: Bundle = {}): Bundle {
  return {
    ...CODE,
    ...VERSIONS,
    "metadata.json": JSON.stringify(metadata),
    "input_info.json": JSON.stringify(inputInfo),
    ...files,
  };
}

/** The generated artifact of the interop tests that is called so. */
function generated(name: string): Bundle {
  const found = generatedArtifacts().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no generated artifact is called ${name}`);
  return bundle({ alias: name, output_type: found.outputType ?? null }, found.inputInfo);
}

/** By the name of the golden files. */
export const BUNDLES: Readonly<Record<string, Bundle>> = {
  wide: generated("wide"),
  chat: generated("chat"),
  hostile_arguments: generated("hostile_arguments"),
  nothing_at_all: generated("nothing_at_all"),

  node_link: bundle(
    {
      alias: "node_link",
      object_type: "model",
      version: "1.10",
      dependent: "bad_12m",
      unheard_of: { weight: 1.5, exact: 12345678901234567890n.toString() },
      execution_graph: {
        directed: true,
        nodes: [
          { id: "loan.income", object_type: "DataColumn" },
          { id: "income_ratio", object_type: "Feature", version: 2, output_type: "Numerical" },
          { id: "loop_a", object_type: "data-element" },
          { id: "loop_b", object_type: "DataElement" },
          "score",
        ],
        links: [
          { source: "loan.income", target: "income_ratio" },
          { source: 1, target: "score" },
          { source: "loop_a", target: "loop_b" },
          { source: "loop_b", target: "loop_a" },
          { source: "score", target: "score" },
          { source: "score", target: "node_link" },
        ],
      },
    },
    TABLE,
  ),

  nested: bundle(
    {
      name: "Nested 3",
      objectType: "Policy",
      permissibleTags: [{ alias: "underwriting" }],
      features: [
        {
          alias: "income",
          version: 1,
          inputs: ["income", { table: "loan", columns: ["amount", "opened_on"] }, "forgotten_table.column"],
        },
        {
          alias: "income",
          version: 2,
          depends_on: [{ ref: "shared", kind: "DataElement", inputs: ["loan.amount"] }],
        },
      ],
      modelVersionIds: [17, 4],
      lineage: {
        shared: ["loan.opened_on"],
        outcome: { object_type: "GlobalFunction", inputs: ["shared", "income"] },
      },
    },
    TABLE,
  ),

  genai: bundle(
    {
      alias: "genai",
      objectType: "Pipeline",
      pipelineType: "Chat",
      contextType: "Map[String, String]",
      llmSettings: {
        modelName: "claude",
        maxOutputTokens: 400,
        topK: 40,
        api_key: "sk-do-not-show",
        nested: { token: "x", depth: 1 },
      },
      prompts: {
        greeting: "Dear {{ customer.name }}, you asked: {question!r}",
        triage: {
          version: 3,
          messages: [
            { role: "system", content: "Be short." },
            { role: "user", content: "${text}" },
          ],
        },
      },
      knowledge_files: ["docs/faq.md", "docs/missing.md"],
      foundation_models: [{ alias: "backup_model", temperature: 0.2, seed: 7 }],
    },
    {},
    {
      "docs/faq.md": "# Questions\n",
      "python_dict/prompts/closing.j2": "Goodbye {% if name %}{{ name }}{% endif %}.\n",
      "python_dict/rag/index.faiss": "\u0000\u0001",
      "python_dict/generation_config.json": '{"temperature": 1e-1, "top_p": 0.95, "stop": ["\\n\\n"]}',
      "python_dict/anything.json":
        '{"small": {"temperature": 0, "max_tokens": 5}, "large": {"temperature": 1, "max_tokens": 9}}',
    },
  ),

  components: bundle({ alias: "components", object_type: "Policy", inputs: ["risk_score"] }, TABLE, {
    "python_dict/risk/metadata.json": JSON.stringify({
      alias: "risk_score",
      object_type: "Model",
      version: 5,
      description: "Scores one loan.",
      inputs: ["loan.income", "ratio"],
      model_file: "weights.onnx",
    }),
    "python_dict/risk/__init__.py": "from .score import main\n",
    "python_dict/risk/input_info.json": '{"loan": {"income": "Numerical"}}',
    "python_dict/risk/weights.onnx": "onnx",
    "features/ratio/metadata.json":
      '{"alias": "ratio", "objectType": "Feature", "inputs": ["loan.amount", "loan.income"]}',
    "features/ratio/python_dict/__init__.py": "THRESHOLD = 1\n",
    "features/unused/metadata.json": '{"alias": "unused", "object_type": "Feature"}',
    "pyspark_dataframe/metadata.json": "{}",
  }),

  old_layout: {
    "python_dict.py": "def main(data):\n    return 'A'\n",
    "versions.json": '["python==3.9.2", "pandas==1.3.5"]',
    "input_info.json": '{"loan": ["amount", "income"]}',
    "model.pkl": "pickle",
  },

  steering: bundle(
    {
      alias: "steering",
      name: "\u001b[2J\u202Eevil\u0007 <script>alert('1')</script>",
      description: "Line one.\nLine two \u2028 and \u009b31m red.",
      object_type: "Feature\u0000",
      inputs: [
        { alias: 'quo"te\\n', object_type: 'A "type" & <b>', inputs: ["loan.amount"] },
        { alias: "שלום עולם", object_type: "Feature" },
        { alias: "漢字の特徴", object_type: "Feature", inputs: ["__proto__", "constructor"] },
        { alias: "x".repeat(300), object_type: "Feature", version: "v".repeat(300) },
      ],
      ["__proto__x"]: "kept",
    },
    { loan: { amount: "Numerical", "]]>": "String" } },
  ),
};
