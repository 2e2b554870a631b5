/** A comparison of two contracts for a terminal of 80 columns. */
import type { Service } from "../contract/model.js";
import { PROTOCOLS, VERDICTS, type Change, type Difference } from "../diff/change.js";
import { areSideBySide, countsOf, verdictsOf } from "../diff/verdicts.js";
import { wrapText } from "./wrap-text.js";
import { formatTable } from "./table.js";

const TITLES = { interface: "interface", input: "request", output: "reply" } as const satisfies Record<
  Difference["direction"],
  string
>;

/** A kind of change as people say it. */
const WORDS = {
  field_added: "new at the end",
  field_added_required: "new",
  field_inserted: "new, not at the end",
  field_removed: "removed, its number reserved",
  field_removed_unreserved: "removed, its number not reserved",
  reservation_lost: "no longer reserved",
  source_renamed: "renamed in the artifact",
  xml_name_changed: "other XML name",
  proto_name_changed: "other proto name",
  number_changed: "other proto number",
  order_changed: "other order, first at",
  type_changed: "other type",
  type_renamed: "type renamed",
  list_renamed: "XML type renamed",
  item_name_changed: "items renamed",
  became_required: "required now",
  became_optional: "optional now",
  default_added: "has a default now",
  default_changed: "other default",
  length_widened: "longer",
  length_narrowed: "shorter",
  digits_widened: "more digits",
  digits_narrowed: "fewer digits",
  digits_moved: "other digits",
  bounds_widened: "wider bounds",
  bounds_narrowed: "narrower bounds",
  bounds_moved: "other bounds",
  values_widened: "more values allowed",
  values_narrowed: "fewer values allowed",
  values_moved: "other values allowed",
  items_widened: "more items",
  items_narrowed: "fewer items",
  role_changed: "other role for main()",
  result_declared: "declared now",
  result_undeclared: "no longer declared",
  result_origin_changed: "declared elsewhere",
  documentation_changed: "described otherwise",
  major_changed: "other major",
  alias_changed: "other alias",
  profile_changed: "other profile",
  single_added: "new operation",
  single_removed: "operation removed",
  type_name_reused: "the name of another type",
} as const satisfies Record<Change["kind"], string>;

const WIDTH = 80;
const LONGEST_TEXT = 120;

/** The changes by direction, each with its effects, and one line for each protocol. Ends in a line feed. */
export function formatDiff(before: Service, after: Service, changes: readonly Change[]): string {
  const sections = (["interface", "input", "output"] as const).flatMap((direction) => {
    const found = changes.filter((change) => change.direction === direction);
    if (found.length === 0) return [];
    return [[TITLES[direction], ...found.flatMap(formatChange)].join("\n")];
  });
  const title = `${nameOf(before)} -> ${nameOf(after)}`;
  if (changes.length === 0) return `${title}\n\nNothing differs that a caller could tell.\n`;
  return `${[title, ...sections, formatSummary(before, after, changes)].join("\n\n")}\n`;
}

function nameOf({ alias, major }: Service): string {
  return `${alias} v${major}`;
}

function formatChange(change: Change): string[] {
  const { path, kind, before, after, effects } = change;
  const texts = kind === "documentation_changed" ? [] : [before, after].filter((text) => text !== undefined);
  const detail = texts.length === 0 ? "" : ` (${texts.map(shorten).join(" -> ")})`;
  const place = path === "" ? "" : `${withoutControls(path)}: `;
  const lines = wrapText(`${place}${WORDS[kind]}${detail}`, WIDTH, "  ", "      ");
  for (const verdict of VERDICTS.toReversed()) {
    const reasons = new Map<string, string[]>();
    for (const protocol of PROTOCOLS) {
      const effect = effects[protocol];
      if (effect.verdict !== verdict) continue;
      reasons.set(effect.why, [...(reasons.get(effect.why) ?? []), protocol]);
    }
    // Protocols that a change does not concern would only hide those that it does.
    if (verdict === "same" && hasEffect(change)) continue;
    for (const [why, protocols] of reasons) {
      const label = `    ${verdict.padEnd(12)}`;
      lines.push(...wrapText(`${protocols.join(", ")}: ${why}`, WIDTH, label, " ".repeat(label.length)));
    }
  }
  return lines;
}

function hasEffect({ effects }: Change): boolean {
  return PROTOCOLS.some((protocol) => effects[protocol].verdict !== "same");
}

function formatSummary(before: Service, after: Service, changes: readonly Change[]): string {
  const sideBySide = areSideBySide(before, after);
  const verdicts = verdictsOf(changes, sideBySide);
  const counts = countsOf(changes);
  const rows = PROTOCOLS.map((protocol) => {
    const { breaking, compatible, same } = counts[protocol];
    return [protocol, verdicts[protocol], `${breaking} breaking, ${compatible} compatible, ${same} same`];
  });
  if (!sideBySide) return formatTable(rows);
  const note =
    `v${after.major} is an interface of its own beside v${before.major}: its callers are those who move to it, and the effects ` +
    `above are theirs. Callers of v${before.major} keep it as long as it is served.`;
  return [...wrapText(note, WIDTH, "", ""), "", formatTable(rows)].join("\n");
}

/** A text of the artifact, without its end when it is long. */
function shorten(text: string): string {
  const plain = withoutControls(text);
  return plain.length > LONGEST_TEXT ? `${plain.slice(0, LONGEST_TEXT)}…` : plain;
}

/** Texts of artifacts are hostile: what would steer a terminal becomes a space. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ");
}
