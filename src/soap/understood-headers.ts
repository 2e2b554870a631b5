/** Which header blocks this gateway understands: the one list that every reader of requests is given. */
import type { HeaderKind } from "./header-kinds.js";

/** None so far: a block that must be understood is refused, any other is left alone. */
export function understoodHeaders(): readonly HeaderKind[] {
  return [];
}
