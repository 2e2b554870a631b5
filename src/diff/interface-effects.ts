/** What a difference of the interface as a whole does to callers. */
import type { Effects, InterfaceKind } from "./change.js";
import { breaking, compatible, DOCUMENTATION, everywhere, NOT_IN, same } from "./effect.js";

export const INTERFACE_EFFECTS = {
  major_changed: {
    soap: compatible(
      "Another namespace and path: callers of the version before keep theirs while it is served beside this one.",
    ),
    grpc: compatible(
      "Another package: callers of the version before keep theirs while it is served beside this one.",
    ),
    json: compatible(
      "Another path: callers of the version before keep theirs while it is served beside this one.",
    ),
    cobol: compatible(
      "Another namespace and path: programs of the version before keep theirs while it is served beside this one.",
    ),
  },
  alias_changed: {
    soap: breaking("Namespace, path and service name follow the alias: callers of the old one find nothing."),
    grpc: breaking("Package and service name follow the alias: callers of the old one find nothing."),
    json: breaking("The path follows the alias: callers of the old one find nothing."),
    cobol: breaking("Namespace and path follow the alias: callers of the old one find nothing."),
  },
  profile_changed: everywhere(same("A profile changes no message by itself; what it changed is listed.")),
  single_added: {
    soap: compatible("A new operation beside the others."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: compatible("New records beside the others."),
  },
  single_removed: {
    soap: breaking("Callers of the operation find nothing."),
    grpc: NOT_IN.grpc,
    json: NOT_IN.json,
    cobol: breaking("Programs that call the operation find nothing."),
  },
  type_name_reused: {
    soap: compatible("Messages do not name types; generated code gets another class under an old name."),
    grpc: breaking("Protobuf knows a message type by its name, and it stood for another one."),
    json: NOT_IN.json,
    cobol: NOT_IN.cobol,
  },
  documentation_changed: DOCUMENTATION,
} as const satisfies Record<InterfaceKind, Effects>;
