/** The calls of the protocol as a client of it makes them, over grpc-js and protobuf-es. */
import { create, fromBinary, toBinary, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import type { Client, ServiceError } from "@grpc/grpc-js";
import { send, type CallParts } from "../grpc/grpc-harness.js";

export const methodPath = (name: string): string => `/inference.GRPCInferenceService/${name}`;

export interface Answer<Reply extends DescMessage> {
  readonly error: ServiceError | undefined;
  readonly reply: MessageShape<Reply>;
  /** Of the answer, as it is found in the log. */
  readonly requestId: string;
}

/** One call; never rejects. Where it fails, the reply is an empty message. */
export async function ask<Request extends DescMessage, Reply extends DescMessage>(
  client: Client,
  { name, input, output }: { readonly name: string; readonly input: Request; readonly output: Reply },
  request: MessageInitShape<Request>,
  parts: CallParts = {},
): Promise<Answer<Reply>> {
  const bytes = toBinary(input, create(input, request));
  const { error, reply, headers } = await send(client, bytes, { ...parts, path: methodPath(name) });
  const [id] = (error?.metadata ?? headers)?.get("x-request-id") ?? [];
  return { error, reply: fromBinary(output, reply ?? new Uint8Array()), requestId: String(id) };
}
