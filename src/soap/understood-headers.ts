/** Which header blocks this gateway understands: the one list that every reader of requests is given. */
import type { Service } from "../contract/model.js";
import { createAddressing } from "./addressing.js";
import type { HeaderKind } from "./header-kinds.js";

/** A block of any other kind is refused when it must be understood, and else left alone. */
export function understoodHeaders(service: Service): readonly HeaderKind[] {
  return [createAddressing(service, false)];
}
