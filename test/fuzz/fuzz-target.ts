/** What is fuzzed: one way in, where its inputs begin, and what must hold for every input. */
export interface FuzzTarget {
  /** Good inputs, from which the others are made. */
  readonly seeds: readonly Uint8Array[];
  /** Pieces that mean something here: bytes, or text in UTF-8. */
  readonly words: readonly (string | Uint8Array)[];
  /** Throws when a property does not hold. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

export const TARGETS = [
  "reader",
  "decode",
  "charset",
  "security",
  "addressing",
  "inflate",
  "grpc",
  "front",
] as const;
export type TargetName = (typeof TARGETS)[number];

/** Opens a target, for as long as it is fuzzed. */
export async function openTarget(name: TargetName): Promise<FuzzTarget> {
  switch (name) {
    case "reader":
      return (await import("./targets/reader.js")).openReader();
    case "decode":
      return (await import("./targets/decode.js")).openDecode();
    case "charset":
      return (await import("./targets/charset.js")).openCharset();
    case "security":
      return (await import("./targets/security.js")).openSecurity();
    case "addressing":
      return (await import("./targets/addressing.js")).openAddressing();
    case "inflate":
      return (await import("./targets/inflate.js")).openInflate();
    case "grpc":
      return (await import("./targets/grpc.js")).openGrpc();
    case "front":
      return (await import("./targets/front.js")).openFront();
  }
}
