/**
 * The neutral values that travel between the protocols and Python. Nothing here is a JavaScript approximation of
 * something else: integers are `bigint`, floats are `number`, and what JavaScript has no exact type for (decimal,
 * date and time) keeps its text.
 */

/** An exact decimal number: optional sign, digits, optional fraction; no exponent. Python: `decimal.Decimal`. */
export class Decimal {
  constructor(readonly text: string) {}
}

/** A moment in UTC, `YYYY-MM-DDTHH:MM:SS` with up to six fraction digits and no zone. Python: naive `datetime`. */
export class DateTime {
  constructor(readonly text: string) {}
}

/** A calendar date, `YYYY-MM-DD`. Python: `datetime.date`. */
export class CalendarDate {
  constructor(readonly text: string) {}
}

/**
 * A record by the names of the artifact. Made with `newStruct()`, so that a column called `__proto__` or
 * `toString` is a key like any other. A missing key is an absent value; `null` is a stated nothing.
 */
export interface Struct {
  [name: string]: Value;
}

export type ValueMap = Map<Value, Value>;

export type Value =
  null | boolean | number | bigint | string | Decimal | DateTime | CalendarDate | Value[] | ValueMap | Struct;

/** What `main()` returned, as data: dicts are Maps because their keys can be anything, bytes are `Uint8Array`. */
export type PythonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Decimal
  | DateTime
  | CalendarDate
  | PythonValue[]
  | Map<PythonValue, PythonValue>;

/** An empty record without a prototype. */
export function newStruct(): Struct {
  return Object.create(null) as Struct;
}

/** True for a record, false for every other value. */
export function isStruct(value: Value | undefined): value is Struct {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}
