/** The protocols that callers reach over the network, whose promises the major version stands for. */
import type { Protocol } from "../diff/change.js";

/**
 * Without `cobol`: a program built with an older copybook goes on sending what it sent, and only whoever takes the new copybook is
 * met by its new layout. `diff` says so.
 */
export const SERVED = ["soap", "grpc", "json"] as const satisfies readonly Protocol[];
