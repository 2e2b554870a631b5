/** Findings as text for a terminal and as JSON for programs. */
import type { Finding } from "./finding.js";

/** How many places of one rule are listed; the others are counted. */
const MOST_PLACES = 20;

/** A block for each rule: what it demands, where it is broken, what to do, who says so. Empty for no findings. */
export function formatFindings(findings: readonly Finding[]): string {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.id, [...(byRule.get(finding.id) ?? []), finding]);
  return [...byRule.values()].map(formatRule).join("\n");
}

/** The stable form of `--json`: an array of objects with `id`, `who`, `severity`, `rule`, `source`, `remedy`, `path`, `message`. */
export function findingsJson(findings: readonly Finding[]): string {
  const objects = findings.map(({ id, who, severity, path, message, rule, remedy, source }) => {
    return { id, who, severity, path, message, rule, remedy, source };
  });
  return `${JSON.stringify(objects, null, 2)}\n`;
}

function formatRule(findings: readonly Finding[]): string {
  const [first] = findings;
  if (first === undefined) return "";
  const places = findings.slice(0, MOST_PLACES).map(({ path, message }) => {
    return path === "" ? `  - ${message}` : `  - ${path}: ${message}`;
  });
  const more = findings.length - places.length;
  return [
    `${first.severity}: ${first.id} (${first.who}): ${first.rule}`,
    ...places,
    ...(more > 0 ? [`  - and ${more} more`] : []),
    `  ${first.remedy}`,
    `  ${first.source}`,
    "",
  ].join("\n");
}
