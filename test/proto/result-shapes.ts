/** Results of every shape that changes how protobuf has to carry them. */
import type { FieldType, Message, Service } from "../../src/contract/model.js";
import { sampleService } from "../support/sample-service.js";

const LEAVES = ["string", "boolean", "double", "integer", "decimal", "datetime", "date", "dynamic"] as const;

function list(name: string, items: FieldType): FieldType {
  return { kind: "array", name, items, itemName: "item", maxItems: 50 };
}

function map(name: string, key: FieldType, value: FieldType): FieldType {
  return { kind: "map", name, entryName: `${name}Entry`, key, value, maxItems: 50 };
}

const score: Message = {
  name: "Score",
  description: "One score.\nWith a second line, */ and // in it.",
  fields: [
    {
      source: "points",
      xmlName: "points",
      protoName: "points",
      number: 3,
      type: { kind: "double" },
      required: true,
      description: "How many; 東京 é.",
      notes: {},
      position: 0,
      spelledType: "Numerical",
    },
    {
      source: "Über Limit\n}\nmessage Evil {",
      xmlName: "limit",
      protoName: "over_limit_2_x",
      number: 20_000,
      type: map("ScoreLimits", { kind: "string" }, { kind: "decimal", totalDigits: 9, fractionDigits: 4 }),
      required: false,
      description: "",
      notes: {},
      position: 0,
      spelledType: "Map",
    },
  ], reserved: [],
};
const struct: FieldType = { kind: "struct", message: score };
const text: FieldType = { kind: "string" };

/** By the name of the case. */
export const RESULT_SHAPES: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ...LEAVES.map((kind): [string, FieldType] => [kind, { kind }]),
  ...LEAVES.map((kind): [string, FieldType] => [`list of ${kind}`, list("Items", { kind })]),
  ...LEAVES.map((kind): [string, FieldType] => [`map to ${kind}`, map("Named", text, { kind })]),
  ["struct", struct],
  ["list of struct", list("Scores", struct)],
  ["list of list of list", list("A", list("B", list("C", { kind: "integer" })))],
  ["list of list of struct", list("A", list("B", struct))],
  ["list of map", list("A", map("B", text, struct))],
  ["list of entry map", list("A", map("B", { kind: "date" }, text))],
  ["map by boolean", map("A", { kind: "boolean" }, text)],
  ["map by integer to struct", map("A", { kind: "integer" }, struct)],
  ["map by double", map("A", { kind: "double" }, { kind: "integer" })],
  ["map by decimal to list", map("A", { kind: "decimal" }, list("B", { kind: "boolean" }))],
  ["map to list", map("A", text, list("B", { kind: "double" }))],
  ["map to map", map("A", text, map("B", { kind: "datetime" }, map("C", text, text)))],
]);

/** The sample service and one per shape, each in a package of its own. */
export function servicesOfEveryShape(): Service[] {
  const shaped = [...RESULT_SHAPES.values()].map((result, index) => ({
    ...sampleService(result),
    protoPackage: `shape_${index}.v1`,
  }));
  return [sampleService(), ...shaped];
}
