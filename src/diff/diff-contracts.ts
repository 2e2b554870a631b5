/** Every difference between two versions of a contract, with what it does to the callers of each protocol. */
import type { Service } from "../contract/model.js";
import type { Change, Difference, InputKind, InterfaceKind, OutputKind } from "./change.js";
import { compareFieldSets } from "./compare-field-sets.js";
import { compareFields, compareIdentities, compareNames, compareTexts } from "./compare-fields.js";
import { describeType } from "./describe.js";
import { descriptorFindings } from "./descriptor-findings.js";
import { effectsOf } from "./effects.js";
import { walk, type Walk } from "./walk.js";

/**
 * The changes from one version to the next: first those of the interface, then what callers send, then what they get, each in the
 * order of the contract. Empty when callers cannot tell the two apart. When the majors differ, the effects are those on a caller
 * who moves from one to the other.
 */
export function diffContracts(before: Service, after: Service): readonly Change[] {
  const input = walk<InputKind>((found) => compareRequests(before, after, found));
  const output = walk<OutputKind>((found) => compareResponses(before, after, found));
  const compared = new Set([...input.comparedTypes, ...output.comparedTypes]);
  const whole = walk<InterfaceKind>((found) => {
    compareInterfaces(before, after, found);
    compareNameUse(before, after, compared, found);
  });
  const differences: Difference[] = [
    ...whole.found.map((found): Difference => ({ ...found, direction: "interface" })),
    ...input.found.map((found): Difference => ({ ...found, direction: "input" })),
    ...output.found.map((found): Difference => ({ ...found, direction: "output" })),
  ];
  return differences.map((difference) => ({ ...difference, effects: effectsOf(difference) }));
}

function compareInterfaces(before: Service, after: Service, found: Walk<InterfaceKind>): void {
  if (before.alias !== after.alias) found.add("alias_changed", "", before.alias, after.alias);
  if (before.major !== after.major) found.add("major_changed", "", `v${before.major}`, `v${after.major}`);
  if (before.profile !== after.profile) found.add("profile_changed", "", before.profile, after.profile);
  if (before.single === undefined && after.single !== undefined) {
    found.add("single_added", "", undefined, after.single.name);
  }
  if (before.single !== undefined && after.single === undefined) {
    found.add("single_removed", "", before.single.name);
  }
  if (before.description !== after.description) {
    found.add("documentation_changed", "", before.description, after.description);
  }
}

/** Contracts that were made without the one before can give a type's name to another type. */
function compareNameUse(
  before: Service,
  after: Service,
  compared: ReadonlySet<string>,
  found: Walk<InterfaceKind>,
): void {
  for (const { message } of descriptorFindings(before, after)) {
    const [owner = message] = message.split(".");
    if (!compared.has(owner)) found.add("type_name_reused", owner);
  }
}

function compareRequests(before: Service, after: Service, found: Walk<InputKind>): void {
  const [was, is] = [before.operation.request, after.operation.request];
  compareNames(was.name, is.name, true, "", found);
  compareTexts(was.description, is.description, "", found);
  compareFieldSets(was, is, "", found, (pair, path) => {
    const [role, now] = [pair.before.role, pair.after.role];
    if (role !== now) found.add("role_changed", path, role, now);
    compareFields(pair, path, found);
  });
}

function compareResponses(before: Service, after: Service, found: Walk<OutputKind>): void {
  const [was, is] = [before.operation.response, after.operation.response];
  compareNames(was.name, is.name, true, "", found);
  compareTexts(was.description, is.description, "", found);
  const [result] = was.fields;
  const pair = { before: result, after: is.fields[0] };
  const path = result.source;
  const declared = { before: result.type.kind !== "dynamic", after: pair.after.type.kind !== "dynamic" };
  if (declared.before === declared.after) {
    compareFields(pair, path, found);
    if (before.resultOrigin === after.resultOrigin) return;
    found.add("result_origin_changed", path, before.resultOrigin, after.resultOrigin);
  } else {
    compareIdentities(pair, path, found);
    const kind = declared.after ? "result_declared" : "result_undeclared";
    found.add(kind, path, describeType(result.type), describeType(pair.after.type));
  }
}
