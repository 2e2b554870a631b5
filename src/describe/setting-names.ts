/** The settings of language models, under the names that the usual interfaces have for them. */

/** The usual word for each, and its other spellings; case, `-` and `_` make no difference. */
const SPELLINGS = {
  model: ["model_name", "model_id", "deployment", "deployment_name", "deployment_id", "engine"],
  provider: ["vendor", "api_type"],
  base_url: ["api_base", "endpoint", "url", "api_url"],
  temperature: [],
  seed: ["random_seed"],
  top_k: [],
  top_p: [],
  min_p: [],
  max_tokens: ["max_output_tokens", "max_new_tokens", "max_completion_tokens", "max_length"],
  stop: ["stop_sequences", "stop_words"],
  n: ["candidate_count", "num_return_sequences"],
  frequency_penalty: [],
  presence_penalty: [],
  repetition_penalty: [],
  logit_bias: [],
  response_format: ["response_mime_type"],
  reasoning_effort: [],
  timeout_seconds: ["timeout", "request_timeout"],
  max_retries: ["retries"],
} as const satisfies Record<string, readonly string[]>;

export type SettingName = keyof typeof SPELLINGS;

/** Settings that nothing but a language model has: two of them in one object say what it is. */
const TELLING: ReadonlySet<string> = new Set<SettingName>([
  "temperature",
  "top_k",
  "top_p",
  "min_p",
  "max_tokens",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "logit_bias",
]);

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([name, others]) =>
    [name, ...others].map((spelling): [string, string] => [plain(spelling), name]),
  ),
);

/** What is never shown: whoever reads a description need not be able to call the model. */
const SECRET =
  /(api|access|secret|private|auth|account)_?-?key|secret|password|passwd|credential|bearer|^token$|(api|access|auth|refresh)_?-?token|^authorization$/i;

/** The usual word for a key; undefined when it is none of them. */
export function settingName(key: string): string | undefined {
  return NAMES.get(plain(key));
}

export function isSecret(key: string): boolean {
  return SECRET.test(key);
}

/** True for the keys of an object that can only be settings of a language model. */
export function areSettings(keys: readonly string[]): boolean {
  const names = new Set(keys.map(settingName));
  const telling = [...names].filter((name) => name !== undefined && TELLING.has(name)).length;
  return telling >= 2 || (telling === 1 && names.has("model"));
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}
