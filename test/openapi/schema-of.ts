/** The generated document for tests, and its schemas as a JSON Schema validator understands them. */
import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Message, Service } from "../../src/contract/model.js";
import { generateOpenapi } from "../../src/openapi/generate-openapi.js";
import { contracts } from "../samples/faceted-contract.js";

export const URL = "http://localhost:8080";

export interface Document {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, { readonly post: { readonly responses: Record<string, object> } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Record<string, unknown>>> };
}

export function documentOf(service: Service): Document {
  return JSON.parse(generateOpenapi(service, URL)) as Document;
}

/** The check of a message by a JSON Schema validator that knows nothing of the contract. */
export function schemaOf(service: Service, message: Message): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, ownProperties: true });
  addFormats.default(ajv);
  ajv.addSchema(documentOf(service), "openapi.json");
  const check = ajv.getSchema(`openapi.json#/components/schemas/${message.name}`);
  assert.ok(check !== undefined);
  return check;
}

/** The validator cannot see a member of this name, whatever the schema says of it. */
export const visible = contracts.filter((service) => !JSON.stringify(service).includes('"__proto__"'));

/** JSON as the validator takes it. */
export function plain(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
