/** The id under which one call is found in the log, in the reply and in the caller's own records. */
import { randomUUID } from "node:crypto";

/** HTTP header and gRPC metadata key, both ways. */
export const REQUEST_ID_HEADER = "x-request-id";

const ACCEPTED = /^[A-Za-z0-9._:/=+-]{1,128}$/;

/** The caller's id when it is short and plain enough to be written to a log unchanged, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === "string" && ACCEPTED.test(header) ? header : randomUUID();
}
