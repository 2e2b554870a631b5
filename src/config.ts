/**
 * The configuration: flags over environment over a YAML file over defaults, made whole once. The only reader of
 * `process.env`.
 */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { Refusal, type Problem } from "./errors.js";
import { maxInputBytes, type Limits } from "./limits.js";
import { defaultPageMode, type PageMode } from "./page-mode.js";
import { DEFAULTS, KEYS, SETTINGS, type Key, type Settings } from "./settings.js";
import { planSizes, readResources } from "./sizing.js";

export type Config = Readonly<Settings> & Limits & { readonly page: PageMode };

/** Settings given on the command line, as text; a switch is there or not. */
export type Flags = Partial<Record<Key, string | readonly string[] | boolean | undefined>>;

/**
 * The whole configuration.
 * @param configFile path of a YAML file, if there is one
 * @throws Refusal `usage` with every wrong setting and where it came from
 */
export function loadConfig(flags: Flags, configFile?: string): Config {
  const problems: Problem[] = [];
  const file = configFile === undefined ? {} : readYaml(configFile, problems);
  const settings: Record<string, unknown> = { ...DEFAULTS };
  const origins = new Map<PropertyKey, string>();
  for (const key of KEYS) {
    const found = find(key, flags, file, configFile ?? "");
    if (found === undefined) continue;
    settings[key] = found.value;
    origins.set(key, found.where);
  }
  const parsed = SETTINGS.safeParse(settings);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const where = origins.get(path[0] ?? "") ?? "";
    problems.push({ where, path: "", message: `${message}.`, remedy: "Correct the setting." });
  }
  const known: readonly string[] = KEYS;
  for (const key of Object.keys(file).filter((name) => !known.includes(name))) {
    const remedy = `Known settings: ${known.join(", ")}.`;
    problems.push({ where: configFile ?? "", path: key, message: "No such setting.", remedy });
  }
  if (parsed.success && parsed.data.maxQueuedBytes < maxInputBytes(parsed.data)) {
    problems.push({
      where: origins.get("maxQueuedBytes") ?? origins.get("maxMessageBytes") ?? "",
      path: "",
      message:
        "maxQueuedBytes is smaller than four times maxMessageBytes, which the inputs of one call may need.",
      remedy: "Raise the one or lower the other.",
    });
  }
  if (parsed.success && parsed.data.maxReceivingBytes < 2 * parsed.data.maxMessageBytes) {
    problems.push({
      where: origins.get("maxReceivingBytes") ?? origins.get("maxMessageBytes") ?? "",
      path: "",
      message:
        "maxReceivingBytes is smaller than twice maxMessageBytes, which one compressed request may need.",
      remedy: "Raise the one or lower the other.",
    });
  }
  if (!parsed.success || problems.length > 0) throw new Refusal("usage", problems);
  const { spareProcesses, memoryLimitMb } = parsed.data;
  if (!origins.has("processes")) {
    const request = { ...readResources(), spareProcesses, memoryPerProcessMb: memoryLimitMb };
    parsed.data.processes = planSizes(request).processes;
  }
  return Object.freeze({ ...parsed.data, page: parsed.data.page ?? defaultPageMode(parsed.data) });
}

/** An environment variable that a setting names, where a secret is kept. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name];
}

interface Found {
  readonly value: unknown;
  readonly where: string;
}

function find(key: Key, flags: Flags, file: Record<string, unknown>, configFile: string): Found | undefined {
  const flag = flags[key];
  if (flag !== undefined)
    return { value: typeof flag === "string" ? fromText(flag) : flag, where: flagOf(key) };
  for (const name of variablesOf(key)) {
    const value = process.env[name];
    if (value !== undefined && value !== "") return { value: fromText(value), where: name };
  }
  return Object.hasOwn(file, key) ? { value: file[key], where: `${configFile}: ${key}` } : undefined;
}

function flagOf(key: Key): string {
  return `--${key.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
}

/** The environment variables of a setting; the first that is set wins. `PORT` is what platforms hand out. */
function variablesOf(key: Key): readonly string[] {
  const name = `ARTIFACT_GATEWAY_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
  return key === "port" ? [name, "PORT"] : [name];
}

/** Flags and variables are text; a whole number in them is a number. One that begins with 0 is not: it may be octal. */
function fromText(value: string): unknown {
  return /^-?(?:0|[1-9]\d*)$/.test(value) ? Number(value) : value;
}

function readYaml(configFile: string, problems: Problem[]): Record<string, unknown> {
  const complain = (message: string): Record<string, unknown> => {
    problems.push({
      where: configFile,
      path: "",
      message,
      remedy: "Correct the file or leave out --config.",
    });
    return {};
  };
  let text: string;
  try {
    text = readFileSync(configFile, "utf8");
  } catch {
    return complain("The file cannot be read.");
  }
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) return complain(`Not valid YAML: ${error.message.split("\n")[0] ?? ""}`);
  const content: unknown = document.toJS({ maxAliasCount: 0 });
  if (content === null) return {};
  if (typeof content !== "object" || Array.isArray(content)) return complain("Expected settings by name.");
  return content as Record<string, unknown>;
}
