/** What the codecs are measured with: rows of thirty columns, five of each type, asked for and answered alike. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { contractOf } from "../../src/contract-of.js";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { soapCall } from "../calls/soap-call.js";
import { seededRandom } from "../statistics.js";

export interface CodecMessages {
  readonly service: Service;
  readonly wsdl: string;
  /** The schema in the WSDL, as a document of its own. */
  readonly schema: string;
  readonly inputs: Struct;
  /** A request for the service, in UTF-8. */
  readonly request: Buffer;
  /** What stands in its body, as a document of its own. */
  readonly payload: Buffer;
  /** The rows as `main()` returns them, pickled. */
  readonly result: Buffer;
}

/** Texts as they are: most are plain, some have what XML must write in another way, some are not ASCII. */
const TEXTS = [
  "EMPLOYED",
  "A-2024-0001742",
  "Rhein Logistik GmbH & Co. KG",
  "Köln, Hohenzollernring",
  "BRANCH",
];

/** @param root of the repository */
export async function codecMessages(root: string, python: string, rows: number): Promise<CodecMessages> {
  const benchFolder = join(root, "bench");
  const opened = await openArtifact(join(benchFolder, "artifacts", "codec"));
  const service = contractOf(await readArtifact(opened));
  await opened.close();
  const [table] = service.operation.request.fields;
  if (table?.type.kind !== "array" || table.type.items.kind !== "struct") {
    throw new TypeError("The artifact of the codecs takes one table.");
  }
  const { fields } = table.type.items.message;
  const random = seededRandom(rows);
  const sent = Array.from({ length: rows }, () => rowOf(fields, random));
  const inputs = Object.assign(newStruct(), { [table.source]: sent });
  const wsdl = generateWsdl(service, "http://127.0.0.1/", "1.1");
  const request = Buffer.from(soapCall(service, inputs).request.payload);
  const payload = payloadIn(request.toString(), service);
  const host = join(root, "dist", "src", "pool", "python");
  const result = execFileSync(python, ["-B", join(benchFolder, "peers", "pickle_result.py"), host], {
    input: writePickle(sent),
  });
  return { service, wsdl, schema: schemaIn(wsdl), inputs, request, payload, result };
}

function rowOf(fields: readonly Field[], random: () => number): Struct {
  const row = newStruct();
  for (const { source, type } of fields) row[source] = valueOf(type, random);
  return row;
}

function valueOf({ kind }: FieldType, random: () => number): Value {
  const whole = (below: number): number => Math.floor(random() * below);
  const two = (below: number): string => String(1 + whole(below - 1)).padStart(2, "0");
  const day = `${1950 + whole(100)}-${two(13)}-${two(29)}`;
  switch (kind) {
    case "string":
      return TEXTS[whole(TEXTS.length)] ?? "";
    case "decimal":
      return new Decimal(`${whole(1e9)}.${two(100)}`);
    case "integer":
      return BigInt(whole(2 ** 32)) * BigInt(whole(2 ** 30)) + BigInt(whole(2 ** 20));
    case "double":
      return whole(1e9) / 1e4;
    case "boolean":
      return random() < 0.5;
    case "datetime":
      return new DateTime(`${day}T${two(24)}:${two(60)}:${two(60)}`);
    case "date":
      return new CalendarDate(day);
    default:
      throw new TypeError("The codecs are measured with scalars.");
  }
}

/** With the prefixes that it uses, which the WSDL declares further out. */
function schemaIn(wsdl: string): string {
  const [schema = ""] = /<xsd:schema[^]*<\/xsd:schema>/.exec(wsdl) ?? [];
  const namespace = /targetNamespace="([^"]*)"/.exec(schema)?.[1] ?? "";
  const prefixes = `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}"`;
  return schema.replace("<xsd:schema", `<xsd:schema ${prefixes}`);
}

function payloadIn(envelope: string, { namespace, operation }: Service): Buffer {
  const start = `<v1:${operation.name}`;
  const payload = envelope.slice(envelope.indexOf(start), envelope.indexOf("</soapenv:Body>"));
  return Buffer.from(payload.replace(start, `${start} xmlns:v1="${namespace}"`));
}
