/** The methods that every service has beside its operation, and their messages. */
import type { Service } from "../contract/model.js";
import { commentLines } from "./comments.js";
import type { ElementType, ProtoField, ProtoMessage, ProtoMethod } from "./model.js";

export interface StandardMethod {
  readonly method: ProtoMethod;
  readonly messages: readonly ProtoMessage[];
  /** Paths of the files that the messages need. */
  readonly imports: readonly string[];
}

/** The methods in the order of the file. */
export function standardMethods(service: Service): readonly StandardMethod[] {
  return [evaluateStream(service), getMetadata(service)];
}

const TEXT: ElementType = { kind: "scalar", name: "string" };
const NUMBER: ElementType = { kind: "scalar", name: "int64" };

/** Bulk scoring: many requests on one stream, each with an answer or an error of its own. */
function evaluateStream({ protoPackage, operation }: Service): StandardMethod {
  const { name, request, response } = operation;
  const id = field("id", 1, one(TEXT), "Chosen by the caller; comes back with the answer. At most 128 characters.");
  const contract = (message: string): ElementType => ({ kind: "message", name: `${protoPackage}.${message}` });
  return {
    method: {
      name: `${name}Stream`,
      input: `${protoPackage}.${name}StreamRequest`,
      output: `${protoPackage}.${name}StreamResponse`,
      streams: true,
      comment: [
        "Runs the artifact once for each request of the stream. The answers come in the order of the requests;",
        "one that fails ends neither the stream nor the others.",
      ],
    },
    messages: [
      message(`${name}StreamRequest`, "One request of a stream.", [
        id,
        field("request", 2, one(contract(request.name)), "Required."),
      ]),
      message(`${name}StreamResponse`, "The answer to one request of a stream: a response or an error.", [
        id,
        field("response", 2, one(contract(response.name)), "Present unless the request failed."),
        field(
          "error",
          3,
          one({ kind: "message", name: "google.rpc.Status" }),
          "Present when the request failed: what a call of its own would have ended with, details included.",
        ),
      ]),
    ],
    imports: ["google/rpc/status.proto"],
  };
}

/** Which artifact answers, and how much can be asked of it. */
function getMetadata({ protoPackage }: Service): StandardMethod {
  const response = "GetMetadataResponse";
  const nested = (name: string): ElementType => ({ kind: "message", name: `${protoPackage}.${response}.${name}` });
  return {
    method: {
      name: "GetMetadata",
      input: `${protoPackage}.GetMetadataRequest`,
      output: `${protoPackage}.${response}`,
      streams: false,
      comment: ["Says which artifact answers, and how much can be asked of it."],
    },
    messages: [
      message("GetMetadataRequest", "Asks for what there is to say.", []),
      {
        ...message(response, "Which artifact answers, and how much can be asked of it.", [
          field("artifact", 1, one(TEXT), "Name of the artifact."),
          field("artifact_version", 2, one(TEXT), "Version of the artifact, as its metadata says."),
          field("artifact_digest", 3, one(TEXT), "Digest over the files of the artifact, sha256:..."),
          field("contract_major", 4, one(NUMBER), "Major version of the interface."),
          field(
            "contract_hash",
            5,
            one(TEXT),
            "Digest over everything that callers depend on, sha256:... It stays the same when a model is retrained.",
          ),
          field("gateway_version", 6, one(TEXT), "Version of artifact-gateway."),
          field("tables", 7, many(nested("Table")), "The tables of a request, in their order."),
          field("limits", 8, one(nested("Limits")), "How much one call may ask for."),
        ]),
        nested: [
          message("Table", "One table of a request.", [
            field("name", 1, one(TEXT), "Name of its field in the request."),
            field("source", 2, one(TEXT), "Name by which the artifact knows it."),
            field("required", 3, one({ kind: "scalar", name: "bool" }), "Whether it needs a row."),
            field("max_rows", 4, one(NUMBER), "Most rows."),
            field("columns", 5, many(TEXT), "Names of the fields of a row."),
          ]),
          message("Limits", "How much one call may ask for.", [
            field("max_message_bytes", 1, one(NUMBER), "Largest request and largest reply."),
            field("default_timeout_ms", 2, one(NUMBER), "Deadline of a call whose caller names none, in milliseconds."),
            field("max_timeout_ms", 3, one(NUMBER), "Longest deadline of any call, in milliseconds."),
            field("max_concurrent_calls", 4, one(NUMBER), "Calls that run at once; others wait."),
          ]),
        ],
      },
    ],
    imports: [],
  };
}

function message(name: string, comment: string, fields: readonly ProtoField[]): ProtoMessage {
  return { name, fields, reserved: [], nested: [], comment: [comment] };
}

function field(name: string, number: number, shape: ProtoField["shape"], comment: string): ProtoField {
  return { name, number, shape, comment: commentLines(comment) };
}

function one(element: ElementType): ProtoField["shape"] {
  return { kind: "one", element };
}

function many(element: ElementType): ProtoField["shape"] {
  return { kind: "many", element };
}
