/** The OpenAPI 3.1 document of a service's JSON endpoint. Pure: the same service and address give the same bytes. */
import { jsonPath } from "../contract/json-path.js";
import type { Service } from "../contract/model.js";
import { namesInUse } from "../contract/named-types.js";
import { typeNames } from "../contract/names.js";
import { encodeJson } from "../json/encode.js";
import { sampleRecord } from "../samples/sample-values.js";
import type { Value } from "../values.js";
import { problemResponses, problemSchema } from "./problem-details.js";
import { describing, objectOf, referenceTo, type Schema } from "./schema.js";
import { typeSchemas } from "./type-schemas.js";

/**
 * @param url where callers reach the gateway, without a path; never taken from a request
 * @returns JSON text, ending in a line feed
 */
export function generateOpenapi(service: Service, url: string): string {
  const { name, major, description, resultOrigin } = service;
  const [numerical, problem] = ownNames(service);
  const document = objectOf({
    openapi: "3.1.0",
    info: objectOf({
      title: name,
      version: `v${major}`,
      description: [
        describing(description),
        ABOUT,
        resultOrigin === "undeclared" ? UNDECLARED_RESULT : undefined,
      ]
        .filter((text) => text !== undefined)
        .join("\n\n"),
    }),
    servers: [objectOf({ url })],
    paths: objectOf({ [jsonPath(service)]: objectOf({ post: evaluate(service, problem) }) }),
    components: objectOf({
      schemas: new Map<Value, Value>([...typeSchemas(service, numerical), [problem, problemSchema()]]),
    }),
  });
  return `${encodeJson(document, "  ")}\n`;
}

const ABOUT =
  "Members are named as the artifact names them. A member that is not declared is refused, as is one that is there twice, and " +
  "null means absent. SOAP and gRPC carry the same contract.";

const UNDECLARED_RESULT =
  "The artifact does not declare the type of its answer, so `result` can be any JSON. To declare it: " +
  "`artifact-gateway lock ARTIFACT --sample FILE --out contract.lock.json`.";

function evaluate({ operation, description }: Service, problem: string): Schema {
  const { name, request, response } = operation;
  return objectOf({
    operationId: name.slice(0, 1).toLowerCase() + name.slice(1),
    summary: "Runs the artifact once for this request and changes nothing.",
    description: describing(description),
    requestBody: objectOf({
      required: true,
      content: jsonContent(request.name, sampleRecord(request)),
    }),
    responses: new Map<Value, Value>([
      [
        "200",
        objectOf({
          description: describing(response.description) ?? "The answer.",
          content: jsonContent(response.name, sampleRecord(response)),
        }),
      ],
      ...problemResponses(problem),
    ]),
  });
}

function jsonContent(schemaName: string, example: Value): Schema {
  return objectOf({ "application/json": objectOf({ schema: referenceTo(schemaName), example }) });
}

/** Names for numbers and errors that no type of the contract has. */
function ownNames(service: Service): readonly [numerical: string, problem: string] {
  const names = typeNames();
  for (const name of namesInUse(service)) names.keep(name);
  return [names.give("Numerical", "Numerical"), names.give("Problem", "Problem")];
}
