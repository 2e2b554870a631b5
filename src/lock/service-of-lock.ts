/** The contract that a lock file says, with names for types resolved. */
import { assembleService } from "../contract/assemble-service.js";
import type {
  Field,
  FieldType,
  Message,
  RequestField,
  RequestMessage,
  ResponseMessage,
  Service,
} from "../contract/model.js";
import type { Violation } from "../errors.js";
import { valueFromJson } from "../json/decode.js";
import { memberPath, shown, type ProblemList } from "../problems.js";
import type { ContractLock, LockedField, LockedNamedType, LockedType } from "./lock-schema.js";

/** Types nest no deeper than the artifact's own may, with a list or map around each. */
const DEEPEST = 100;
const REMEDY = "Correct the lock, or write it anew with `lock`.";

/** While the types are resolved. */
interface Resolving {
  readonly types: ReadonlyMap<string, { readonly locked: LockedNamedType; readonly path: string }>;
  readonly resolved: Map<string, FieldType>;
  /** The names on the way here, outermost first. */
  readonly trail: string[];
  readonly problems: ProblemList;
}

/**
 * The contract of a lock; a field that is stated to be renamed has its new source name. What the lock says wrongly is added to
 * `problems`; the contract is then not to be used.
 */
export function serviceOfLock(lock: ContractLock, problems: ProblemList): Service {
  const types = new Map<string, { readonly locked: LockedNamedType; readonly path: string }>();
  for (const [index, locked] of lock.types.entries()) {
    const path = `types[${index}]`;
    if (types.has(locked.name)) problems.add(`${path}.name`, "Another type has this name.", REMEDY);
    types.set(locked.name, { locked, path });
  }
  const resolving: Resolving = { types, resolved: new Map(), trail: [], problems };
  const { service: alias, major, description, profile, result } = lock;
  const request: RequestMessage = {
    ...messageOf(lock.request, "request", resolving),
    description: `The inputs of ${alias}.`,
    fields: lock.request.fields.map((field, index) => requestField(field, index, resolving)),
  };
  const answer = messageOf(lock.response, "response", resolving);
  const [only, ...more] = answer.fields;
  if (only?.source !== "result" || more.length > 0) {
    problems.add("response.fields", "The response has one field, `result`.", REMEDY);
  }
  const response: ResponseMessage = {
    ...answer,
    description: `The answer of ${alias}.`,
    fields: [only ?? UNDECLARED],
  };
  const resultOrigin = result.origin;
  return assembleService({ alias, major, description, profile, request, response, resultOrigin });
}

const UNDECLARED: Field = {
  source: "result",
  xmlName: "result",
  protoName: "result",
  number: 1,
  type: { kind: "dynamic" },
  required: true,
  description: "",
  notes: {},
  position: 0,
  spelledType: "",
};

function requestField(locked: LockedField, index: number, resolving: Resolving): RequestField {
  const path = `request.fields[${index}]`;
  const { role } = locked;
  if (role === undefined)
    resolving.problems.add(`${path}.role`, "A field of the request has a role.", REMEDY);
  return { ...fieldOf(locked, index, path, resolving), role: role ?? "argument" };
}

function messageOf(
  { name, fields, reserved }: ContractLock["request"],
  path: string,
  resolving: Resolving,
): Message {
  refuseTwice(fields, reserved, path, resolving.problems);
  return {
    name,
    description: "",
    fields: fields.map((field, index) => fieldOf(field, index, `${path}.fields[${index}]`, resolving)),
    reserved: reserved.map(({ source, number, xml, proto }) => ({
      source,
      number,
      xmlName: xml,
      protoName: proto,
    })),
  };
}

function fieldOf(locked: LockedField, position: number, path: string, resolving: Resolving): Field {
  const { source, renamedTo, number, xml, proto, required, spelled } = locked;
  const { unit, origin, nullMeaning, allowedValues } = locked;
  const type = typeOf(locked.type, `${path}.type`, resolving);
  const fallback = locked.default;
  const violations: Violation[] = [];
  const value = fallback === undefined ? undefined : valueFromJson(type, fallback, "", violations);
  for (const { message } of violations) resolving.problems.add(`${path}.default`, message, REMEDY);
  return {
    source: renamedTo ?? source,
    xmlName: xml,
    protoName: proto,
    number,
    type,
    required,
    ...(value === undefined ? {} : { default: value }),
    description: locked.description ?? "",
    notes: {
      ...(unit === undefined ? {} : { unit }),
      ...(origin === undefined ? {} : { origin }),
      ...(nullMeaning === undefined ? {} : { nullMeaning }),
      ...(allowedValues === undefined ? {} : { allowedValues }),
    },
    position,
    spelledType: spelled,
  };
}

function typeOf(locked: LockedType, path: string, resolving: Resolving): FieldType {
  if (typeof locked !== "string") return locked;
  const { types, resolved, trail, problems } = resolving;
  const known = resolved.get(locked);
  if (known !== undefined) return known;
  const named = types.get(locked);
  if (named === undefined) {
    problems.add(path, `There is no type \`${shown(locked)}\` in \`types\`.`, REMEDY);
    return { kind: "dynamic" };
  }
  if (trail.includes(locked) || trail.length >= DEEPEST) {
    const message = trail.includes(locked)
      ? "A type may not contain itself."
      : "Types are nested too deeply.";
    problems.add(path, message, REMEDY);
    return { kind: "dynamic" };
  }
  trail.push(locked);
  const type = namedTypeOf(named.locked, named.path, resolving);
  trail.pop();
  resolved.set(locked, type);
  return type;
}

function namedTypeOf(locked: LockedNamedType, path: string, resolving: Resolving): FieldType {
  switch (locked.kind) {
    case "record": {
      const message = messageOf(locked, path, resolving);
      return { kind: "struct", message: { ...message, description: locked.description ?? "" } };
    }
    case "list": {
      const { name, itemName, maxItems } = locked;
      return {
        kind: "array",
        name,
        items: typeOf(locked.items, `${path}.items`, resolving),
        itemName,
        maxItems,
      };
    }
    case "map": {
      const { name, entryName, maxItems } = locked;
      const key = typeOf(locked.key, `${path}.key`, resolving);
      if (["array", "map", "struct", "dynamic"].includes(key.kind)) {
        resolving.problems.add(`${path}.key`, "The key of a map is a scalar.", REMEDY);
      }
      return {
        kind: "map",
        name,
        entryName,
        key,
        value: typeOf(locked.value, `${path}.value`, resolving),
        maxItems,
      };
    }
  }
}

/** Two fields of one message may share neither number nor name, nor have those of one that was removed. */
function refuseTwice(
  fields: readonly LockedField[],
  reserved: ContractLock["request"]["reserved"],
  path: string,
  problems: ProblemList,
): void {
  const taken = new Map<string, string>();
  const claim = (key: string, at: string): void => {
    const other = taken.get(key);
    if (other === undefined) taken.set(key, at);
    else problems.add(at, `\`${other}\` has the same.`, REMEDY);
  };
  const wire = [
    ...fields.map((field, index) => ({ field, at: `${path}.fields[${index}]` })),
    ...reserved.map((field, index) => ({ field, at: `${path}.reserved[${index}]` })),
  ];
  for (const { field, at } of wire) {
    claim(`number ${field.number}`, memberPath(at, "number"));
    claim(`xml ${field.xml.toLowerCase()}`, memberPath(at, "xml"));
    claim(`proto ${field.proto.replaceAll("_", "")}`, memberPath(at, "proto"));
  }
  for (const [index, field] of fields.entries()) {
    claim(`source ${field.role ?? ""} ${field.renamedTo ?? field.source}`, `${path}.fields[${index}].source`);
  }
}
