/** What each file of an artifact is for. */
import { basename } from "node:path/posix";
import type { ArtifactFile } from "../artifact/files.js";
import type { DescribedFile, FileRole, KnowledgeFile, LlmSettings, Prompt } from "./description.js";

const DESCRIPTIONS: ReadonlySet<string> = new Set(["metadata.json", "input_info.json", "versions.json"]);
const CODE = /\.(py|pyi)$/i;
/** Pickle and joblib, ONNX, PMML, H2O, the boosters', Keras, PyTorch, TensorFlow. */
const MODELS =
  /\.(pkl|pickle|joblib|dill|onnx|pmml|mojo|ubj|bst|cbm|keras|h5|hdf5|pt|pth|safetensors|gguf|pb|tflite|mar)$/i;

/** The first role that fits: what was found to be settings, a prompt or knowledge, then what the name says. */
export function filesWithRoles(
  files: readonly ArtifactFile[],
  found: {
    readonly settings: readonly LlmSettings[];
    readonly prompts: readonly Prompt[];
    readonly knowledge: readonly KnowledgeFile[];
  },
): readonly DescribedFile[] {
  const roles = new Map<string, FileRole>([
    ...found.knowledge.map(({ file }): [string, FileRole] => [file.path, "knowledge"]),
    ...found.prompts.map(({ source }): [string, FileRole] => [source.file, "prompt"]),
    ...found.settings.map(({ source }): [string, FileRole] => [source.file, "settings"]),
  ]);
  return files.map((file) => ({
    ...file,
    role: byName(file.path) ?? roles.get(file.path) ?? otherRole(file.path),
  }));
}

function byName(path: string): FileRole | undefined {
  if (DESCRIPTIONS.has(basename(path))) return "description";
  return CODE.test(path) ? "code" : undefined;
}

function otherRole(path: string): FileRole {
  return MODELS.test(path) ? "model" : "other";
}
