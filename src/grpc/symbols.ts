/** Names of everything that files declare, for whoever asks where something is declared. */
import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/**
 * Fully qualified names (`credit_decision.v1.CreditDecisionService.Evaluate`) with the names of their files: messages, fields, oneofs, enums and
 * their values, services, methods, and the entry messages of maps.
 */
export function symbolsIn(files: readonly FileDescriptorProto[]): ReadonlyMap<string, string> {
  const symbols = new Map<string, string>();
  for (const file of files) {
    for (const name of namesIn(file)) symbols.set(name, file.name);
  }
  return symbols;
}

function* namesIn({
  package: scope,
  messageType,
  enumType,
  service,
}: FileDescriptorProto): Generator<string> {
  for (const message of messageType) yield* namesOfMessage(message, scope);
  for (const declared of enumType) yield* namesOfEnum(declared, scope);
  for (const { name, method } of service) yield* withMembers(join(scope, name), method);
}

function* namesOfMessage(message: DescriptorProto, scope: string): Generator<string> {
  const name = join(scope, message.name);
  yield* withMembers(name, [...message.field, ...message.oneofDecl]);
  for (const nested of message.nestedType) yield* namesOfMessage(nested, name);
  for (const nested of message.enumType) yield* namesOfEnum(nested, name);
}

/** The values of an enum are named beside it, not within it (descriptor.proto, as in C++). */
function* namesOfEnum({ name, value }: EnumDescriptorProto, scope: string): Generator<string> {
  yield join(scope, name);
  for (const each of value) yield join(scope, each.name);
}

function* withMembers(name: string, members: readonly { readonly name: string }[]): Generator<string> {
  yield name;
  for (const member of members) yield join(name, member.name);
}

function join(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}
