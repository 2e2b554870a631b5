/** Each type of an artifact in each format, read from what the generators write for a column of that type. */
import { existsSync } from "node:fs";
import { parseDataType } from "../dist/src/artifact/data-type.js";
import { normaliseInputInfo } from "../dist/src/artifact/input-info.js";
import { spellType } from "../dist/src/artifact/spell-type.js";
import { buildContract } from "../dist/src/contract/build-contract.js";
import { generateOpenapi } from "../dist/src/openapi/generate-openapi.js";
import { generateProto } from "../dist/src/proto/generate-proto.js";
import { generateWsdl } from "../dist/src/wsdl/generate-wsdl.js";

/** Contracts are described for COBOL too where the generator of copybooks is there. */
const PICTURES = new URL("../dist/src/cobol/picture.js", import.meta.url);
const { cobolPicture } = existsSync(PICTURES) ? await import(PICTURES.href) : {};

/** The platform's spelling, other spellings of the same type, and facets that a contract lock can add. */
const TYPES = [
  { type: "String", also: ["str", "string", "text", "varchar", "char"] },
  { type: "String", facets: { maxLength: 40 }, say: "`maxLength` 40" },
  { type: "String", facets: { allowed: ["CC", "PL"] }, say: "allowed: `CC`, `PL`" },
  { type: "Numerical", also: ["float", "double", "number", "numeric", "real"] },
  { type: "Numerical", facets: { totalDigits: 9, fractionDigits: 2 }, say: "9 digits, 2 after the point" },
  { type: "Numerical", facets: { minimum: "300", maximum: "850" }, say: "from 300 to 850" },
  { type: "bigint", also: ["int", "integer", "long", "short", "smallint", "tinyint"] },
  { type: "bigint", facets: { totalDigits: 9 }, say: "9 digits" },
  { type: "bigint", facets: { minimum: "0", maximum: "120" }, say: "from 0 to 120" },
  { type: "decimal", also: [] },
  { type: "decimal(11,2)", also: [] },
  { type: "Boolean", also: ["bool", "boolean"] },
  { type: "DateTime", also: ["datetime", "datetime.datetime", "timestamp", "timestamp_ntz"] },
  { type: "date", also: ["datetime.date"] },
  { type: "Array[Numerical]", also: ["list[float]", "array<double>"] },
  { type: "Array[Array[String]]", also: ["list[list[str]]"] },
  { type: "Map[String, Numerical]", also: ["dict[str, float]", "map<string, double>"] },
  { type: "Map[Numerical, String]", also: ["dict[float, str]"] },
  {
    type: "Struct[a: String, b: Numerical]",
    also: ["TypedDict[{'a': str, 'b': float}]", "struct<a: string, b: double>"],
  },
];

export function typeTable() {
  const head = ["type", "also spelled", "WSDL (XML Schema)", "proto3", "OpenAPI (JSON Schema)"];
  if (cobolPicture !== undefined) head.push("COBOL");
  const rows = TYPES.map((row) => {
    const service = withFacets(contractOf(row.type), row.facets);
    return [firstCells(row), inWsdl(service), inProto(service), inOpenapi(service), inCobol(service)].flat();
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function firstCells({ type, also, say }) {
  if (say !== undefined) return [`${code(type)}, ${say}`, "in the lock"];
  for (const spelled of also) {
    if (spellType(parseDataType(spelled)) !== spellType(parseDataType(type))) {
      throw new Error(`${spelled} is not ${type}.`);
    }
  }
  return [code(type), also.map(code).join(" ")];
}

/** A contract with one table that has one column, `amount`, which must be there. */
function contractOf(type) {
  return buildContract({
    alias: "sample",
    description: "",
    inputs: normaliseInputInfo({
      tables: [{ alias: "t", columns: [{ alias: "amount", type, nullable: false }] }],
    }),
    output: undefined,
  });
}

function withFacets(service, facets) {
  if (facets === undefined) return service;
  const [table] = service.operation.request.fields;
  const { message } = table.type.items;
  const [field] = message.fields;
  const row = { ...message, fields: [{ ...field, type: { ...field.type, ...facets } }] };
  const type = { ...table.type, items: { kind: "struct", message: row } };
  const request = { ...service.operation.request, fields: [{ ...table, type }] };
  return { ...service, operation: { ...service.operation, request } };
}

function inWsdl(service) {
  const wsdl = generateWsdl(service, "http://localhost/");
  const [, name] = one(/<xsd:element name="amount" type="([^"]*)"/, wsdl);
  return xsdType(name, wsdl);
}

/** A built-in type by its name, a simple one by its base and facets, a complex one by its elements. */
function xsdType(name, wsdl) {
  if (!name.startsWith("tns:")) return code(name);
  const simple = new RegExp(`<xsd:simpleType name="${name.slice(4)}">(.*?)</xsd:simpleType>`, "s").exec(wsdl);
  if (simple !== null) {
    const [, base] = one(/<xsd:restriction base="([^"]*)">/, simple[1]);
    const facets = [...simple[1].matchAll(/<xsd:(\w+) value="([^"]*)"\/>/g)];
    return [code(base), ...facets.map(([, facet, value]) => code(`${facet}=${value}`))].join(" ");
  }
  const [, content] = one(
    new RegExp(`<xsd:complexType name="${name.slice(4)}">(.*?)</xsd:complexType>`, "s"),
    wsdl,
  );
  const elements = [
    ...content.matchAll(/<xsd:element name="(\w+)" type="([^"]*)" minOccurs="(\d+)" maxOccurs="(\d+)"/g),
  ];
  const parts = elements.map(([, part, type, least, most]) => {
    return `${code(part)} ${least === most ? "" : `${least}..${most} `}of ${xsdType(type, wsdl)}`;
  });
  return `sequence: ${parts.join("; ")}`;
}

function inProto(service) {
  const proto = generateProto(service);
  const [, type] = one(/^ {2}(.*) amount = 1;$/m, proto);
  const own = [...type.matchAll(/[A-Z]\w*/g)].map(([name]) => name);
  const messages = own.flatMap((name) => {
    const found = new RegExp(`^message ${name} \\{\\n(.*?)^\\}`, "ms").exec(proto);
    const fields = found?.[1].split("\n").filter((line) => /;$/.test(line) && !/^\s*\/\//.test(line)) ?? [];
    return fields.length === 0 ? [] : [code(`${name} { ${fields.map((line) => line.trim()).join(" ")} }`)];
  });
  return [code(type), ...messages].join(" with ");
}

function inOpenapi(service) {
  const { schemas } = JSON.parse(generateOpenapi(service, "http://localhost")).components;
  const row = Object.values(schemas).find(({ properties }) => properties?.amount !== undefined);
  return code(JSON.stringify(resolved(row.properties.amount, schemas)));
}

function inCobol(service) {
  if (cobolPicture === undefined) return [];
  const [table] = service.operation.request.fields;
  const picture = cobolPicture(table.type.items.message.fields[0].type);
  return [picture.startsWith("none: ") ? picture : code(picture)];
}

/** A schema with what it refers to in its place, and without words for people. */
function resolved(schema, schemas) {
  if (Array.isArray(schema)) return schema.map((part) => resolved(part, schemas));
  if (typeof schema !== "object" || schema === null) return schema;
  if ("$ref" in schema) return resolved(schemas[schema.$ref.split("/").at(-1)], schemas);
  const members = Object.entries(schema).filter(
    ([name, member]) => name !== "description" || typeof member !== "string",
  );
  return Object.fromEntries(members.map(([name, member]) => [name, resolved(member, schemas)]));
}

function one(pattern, text) {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`${pattern} is not found.`);
  return found;
}

/** Text as it is, also where it holds the mark that separates cells. */
function code(text) {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
