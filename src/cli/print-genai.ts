/** Settings, prompts and knowledge of a GenAI artifact for a terminal. */
import type { FoundBy, KnowledgeFile, LlmSettings, Prompt, Source } from "../describe/description.js";
import { writeJson } from "../json-text.js";
import { abbreviated, visibleLines, visibleText } from "../visible-text.js";
import { alignedRows, indented, type Cell, type Terminal } from "./terminal.js";

const LONGEST_NAME = 60;
const LONGEST_VALUE = 200;
/** Lines and characters of a prompt, unless everything is asked for. */
const MOST_PROMPT_LINES = 6;
const LONGEST_PROMPT = 600;
const LONGEST_FULL_PROMPT = 100_000;
/** More prompts, files or models than this are counted, unless everything is asked for. */
const MOST_LISTED = 20;

const FOUND_BY = {
  metadata: "stated in the metadata",
  name: "known by its name",
  content: "known by its content",
} as const satisfies Record<FoundBy, string>;

export function printSettings(
  models: readonly LlmSettings[],
  terminal: Terminal,
  isFull: boolean,
): readonly string[] {
  return listed(models, isFull).map(({ name, source, foundBy, settings }) => {
    const rows = settings.map(({ name: setting, key, isKnown, value }): Cell[] => [
      abbreviated(setting, LONGEST_NAME),
      value === undefined
        ? { text: "not shown: a secret", style: "yellow" }
        : visibleText(writeJson(value), LONGEST_VALUE),
      ...(key === setting && isKnown
        ? []
        : [
            {
              text: isKnown ? `written ${abbreviated(key, LONGEST_NAME)}` : "unknown",
              style: "dim",
            } as const,
          ]),
    ]);
    const title = heading(`LLM settings ${abbreviated(name, LONGEST_NAME)}`, source, foundBy, terminal);
    const none = indented("nothing in it is understood", "  ", terminal.width);
    return `${title}\n${rows.length === 0 ? none : alignedRows(rows, terminal, "  ")}`;
  });
}

export function printPrompts(
  prompts: readonly Prompt[],
  terminal: Terminal,
  isFull: boolean,
): readonly string[] {
  return listed(prompts, isFull).map((prompt) => {
    const { name, version, role, source, foundBy, text, placeholders } = prompt;
    const words = [
      abbreviated(name, LONGEST_NAME),
      version === undefined ? "" : `version ${visibleText(version, 20)}`,
      role ?? "",
    ];
    const title = words.filter((word) => word !== "").join(", ");
    const names = placeholders.map((one) => abbreviated(one, LONGEST_NAME)).join(", ");
    return [
      heading(`prompt ${title}`, source, foundBy, terminal),
      ...(names === "" ? [] : [indented(`Filled in: ${names}.`, "  ", terminal.width)]),
      ...(text === undefined ? ["  (too long, or not text)"] : promptLines(text, terminal, isFull)),
    ].join("\n");
  });
}

export function printKnowledge(
  knowledge: readonly KnowledgeFile[],
  terminal: Terminal,
  isFull: boolean,
): string {
  if (knowledge.length === 0) return "";
  const lines = listed(knowledge, isFull).map(({ file, object, foundBy }) => {
    const owner =
      object === undefined || object === file.path ? "" : `${abbreviated(object, LONGEST_NAME)}, `;
    const facts = `${visibleText(file.path, LONGEST_VALUE)} (${owner}${file.size} bytes, ${FOUND_BY[foundBy]})`;
    return `${indented(facts, "  ", terminal.width)}\n${terminal.paint("dim", `      ${file.sha256}`)}`;
  });
  return [terminal.paint("bold", "knowledge"), ...lines, ...beyond(knowledge, isFull)].join("\n");
}

/** What is left out of a list, in words. */
export function beyond(items: readonly unknown[], isFull: boolean): readonly string[] {
  const rest = items.length - MOST_LISTED;
  return isFull || rest <= 0 ? [] : [`  … ${rest} more (--full shows all)`];
}

export function listed<T>(items: readonly T[], isFull: boolean): readonly T[] {
  return isFull ? items : items.slice(0, MOST_LISTED);
}

function heading(
  title: string,
  { file, path }: Source,
  foundBy: FoundBy,
  { paint, width }: Terminal,
): string {
  const place = visibleText(path === "" ? file : `${file}: ${path}`, LONGEST_VALUE);
  return `${paint("bold", title)}\n${paint("dim", indented(`${place}, ${FOUND_BY[foundBy]}`, "  ", width))}`;
}

function promptLines(text: string, { width }: Terminal, isFull: boolean): readonly string[] {
  const lines = visibleLines(text.trimEnd(), isFull ? LONGEST_FULL_PROMPT : LONGEST_PROMPT);
  const wrappedLines = lines.flatMap((line) => indented(line, "  │ ", width).split("\n"));
  const shown = isFull ? wrappedLines : wrappedLines.slice(0, MOST_PROMPT_LINES);
  const isCut =
    shown.length < wrappedLines.length || text.length > (isFull ? LONGEST_FULL_PROMPT : LONGEST_PROMPT);
  return isCut
    ? [...shown, `  │ … (${text.length} characters${isFull ? "" : "; --full shows more"})`]
    : shown;
}
