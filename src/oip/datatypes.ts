/** The datatypes of the protocol that are read and written here, and where their elements stand. */
import type { FieldType } from "../contract/model.js";

interface DatatypeFacts {
  /** Bytes of one element in raw contents; `undefined` where each has its own length before it. */
  readonly rawBytes: number | undefined;
  /** Field of `InferTensorContents` that holds the elements when they are not raw. */
  readonly contents: number;
  /** Smallest and largest element, for those that share a field with wider ones. */
  readonly range?: readonly [smallest: number, largest: number];
}

/** FP16 and BF16 are missing: nothing in a contract is of so few digits. */
export const DATATYPES = {
  BOOL: { rawBytes: 1, contents: 1 },
  INT8: { rawBytes: 1, contents: 2, range: [-(2 ** 7), 2 ** 7 - 1] },
  INT16: { rawBytes: 2, contents: 2, range: [-(2 ** 15), 2 ** 15 - 1] },
  INT32: { rawBytes: 4, contents: 2, range: [-(2 ** 31), 2 ** 31 - 1] },
  INT64: { rawBytes: 8, contents: 3 },
  UINT8: { rawBytes: 1, contents: 4, range: [0, 2 ** 8 - 1] },
  UINT16: { rawBytes: 2, contents: 4, range: [0, 2 ** 16 - 1] },
  UINT32: { rawBytes: 4, contents: 4, range: [0, 2 ** 32 - 1] },
  UINT64: { rawBytes: 8, contents: 5 },
  FP32: { rawBytes: 4, contents: 6 },
  FP64: { rawBytes: 8, contents: 7 },
  BYTES: { rawBytes: undefined, contents: 8 },
} as const satisfies Record<string, DatatypeFacts>;

export type Datatype = keyof typeof DATATYPES;

export function isDatatype(name: string): name is Datatype {
  return Object.hasOwn(DATATYPES, name);
}

/** One element of a tensor: 64-bit integers are `bigint`, others and floats `number`, BYTES are text. */
export type Element = boolean | number | bigint | string;

/** The datatypes that answers have, and that metadata name. */
export type ContractDatatype = "BOOL" | "INT64" | "FP64" | "BYTES";

/** How a value of the contract appears as an element. What protocol and contract have no common type for is text. */
export const DATATYPE_OF = {
  string: "BYTES",
  boolean: "BOOL",
  double: "FP64",
  integer: "INT64",
  decimal: "BYTES",
  date: "BYTES",
  datetime: "BYTES",
  array: "BYTES",
  map: "BYTES",
  struct: "BYTES",
  dynamic: "BYTES",
} as const satisfies Record<FieldType["kind"], ContractDatatype>;

const INTEGERS = ["INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"] as const;

/** What a caller may send for a value of the contract: every datatype that can hold it without a loss. */
export const ACCEPTED = {
  string: ["BYTES"],
  boolean: ["BOOL"],
  double: ["FP64", "FP32", ...INTEGERS],
  integer: INTEGERS,
  decimal: ["BYTES", ...INTEGERS],
  date: ["BYTES"],
  datetime: ["BYTES"],
  array: ["BYTES"],
  map: ["BYTES"],
  struct: ["BYTES"],
  dynamic: ["BYTES"],
} as const satisfies Record<FieldType["kind"], readonly Datatype[]>;
