/** What the governance platform has objects of, and the words with which files speak of them. */

/** The platform's own words; a file can have others, which are shown as they are. */
const OBJECT_TYPES = [
  ["DataElement", "data_element"],
  ["Feature", "feature"],
  ["Model", "model"],
  ["Policy", "policy"],
  ["FoundationModel", "foundation_model"],
  ["Prompt", "prompt"],
  ["Rag", "rag"],
  ["Pipeline", "pipeline"],
  ["GlobalFunction", "global_function"],
] as const;

/** Other words for the same. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["llm", "FoundationModel"],
  ["languagemodel", "FoundationModel"],
  ["largelanguagemodel", "FoundationModel"],
  ["prompttemplate", "Prompt"],
  ["retrieval", "Rag"],
  ["retrievalaugmentedgeneration", "Rag"],
  ["knowledge", "Rag"],
  ["knowledgebase", "Rag"],
  ["function", "GlobalFunction"],
  ...OBJECT_TYPES.map(([name]): [string, string] => [name.toLowerCase(), name]),
]);

/** The platform's word for a type of object, `FoundationModel` for `foundation-model`; another word as it is. */
export function objectTypeOf(text: string): string {
  return SYNONYMS.get(text.toLowerCase().replace(/[^a-z]/g, "")) ?? text;
}

const OTHER_KEYS: readonly [key: string, name: string][] = [
  ["llms", "FoundationModel"],
  ["prompt_templates", "Prompt"],
  ["system_prompt", "Prompt"],
  ["system_instruction", "Prompt"],
  ["knowledge", "Rag"],
  ["knowledge_files", "Rag"],
  ["knowledge_base", "Rag"],
  ["knowledge_bases", "Rag"],
  ["documents", "Rag"],
];

/** Keys that hold objects of one type: `features`, `featureVersionIds`, `foundation_models`… */
export const TYPED_KEYS: ReadonlyMap<string, string> = new Map(
  [
    ...OBJECT_TYPES.flatMap(([name, word]): [string, string][] => {
      const plural = word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
      return [plural, `${word}_ids`, `${word}_versions`, `${word}_version_ids`].map((key) => [key, name]);
    }),
    ...OTHER_KEYS,
  ].flatMap(([key, name]): [string, string][] => [
    [key, name],
    [camelCase(key), name],
  ]),
);

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
