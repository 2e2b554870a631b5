/** Rows for the artifact `every_value`: what a client sends, what Python must see of it, and what must come back. */
import type { Json, JsonObject } from "../../support/json-of-type.js";
import { date, dateTime, decimal, double, long } from "./tagged-values.js";

export interface ValueCase {
  readonly name: string;
  /** The members that are there; null is an element that is nil. */
  readonly row: JsonObject;
  /** How `every_value` prints what it got. */
  readonly seen: string;
  /** What comes back, where it is not what was sent: nothing is nil in an answer, and every moment is in UTC. */
  readonly answer?: JsonObject;
}

const text = (name: string, value: string, repr: string): ValueCase => ({
  name: `text: ${name}`,
  row: { textField: value },
  seen: `text=${repr}`,
});

const moment = (name: string, sent: string, repr: string, answered = sent): ValueCase => ({
  name: `moment: ${name}`,
  row: { moment: dateTime(sent) },
  seen: `moment=datetime.datetime(${repr})`,
  answer: { moment: dateTime(answered) },
});

const day = (name: string, sent: string, repr: string): ValueCase => ({
  name: `day: ${name}`,
  row: { dayField: date(sent) },
  seen: `day=datetime.date(${repr})`,
});

const whole = (sent: string): ValueCase => ({
  name: `whole: ${sent}`,
  row: { whole: long(sent) },
  seen: `whole=${sent}`,
});

const amount = (sent: string): ValueCase => ({
  name: `amount: ${sent}`,
  row: { amount: decimal(sent) },
  seen: `amount=Decimal('${sent}')`,
});

const exact = (sent: string, repr = sent): ValueCase => ({
  name: `exact: ${sent}`,
  row: { exact: decimal(sent) },
  seen: `exact=Decimal('${repr}')`,
});

const ratio = (sent: number, repr: string): ValueCase => ({
  name: `ratio: ${repr}`,
  row: { ratio: double(sent) },
  seen: `ratio=${repr}`,
});

/** Every column that may be left out. */
const COLUMNS = [
  ...["textField", "whole", "amount", "exact", "ratio", "flag"],
  ...["moment", "dayField", "tags", "counts", "classField"],
];

export const VALUE_CASES: readonly ValueCase[] = [
  text("plain", "plain", "'plain'"),
  text("blanks at both ends and in the middle", "  two  blanks  ", "'  two  blanks  '"),
  text("nothing but blanks", "   ", "'   '"),
  text("tabs and line feeds", "\ta\tb\n\nc\n", String.raw`'\ta\tb\n\nc\n'`),
  text("a carriage return", "a\rb\r\nc", String.raw`'a\rb\r\nc'`),
  text("markup", `<a b="c">&amp;</a>`, `'<a b="c">&amp;</a>'`),
  text("the end of a CDATA section", "x]]>y", "'x]]>y'"),
  text("both quotes", `"'`, String.raw`'"\''`),
  text("other line ends", "a\u0085b\u2028c", String.raw`'a\x85b\u2028c'`),
  text("four bytes each", "😀𝄞", "'😀𝄞'"),
  text("a letter and its accent apart", "e\u0301é", "'e\u0301é'"),
  text("right to left", "\u202Eעברית", String.raw`'\u202eעברית'`),
  text(
    "the last of every plane's edge",
    "\uD7FF\uE000\uFFFD\u{10FFFF}",
    String.raw`'\ud7ff\ue000�\U0010ffff'`,
  ),
  text("a reference that is text", "&#13;&lt;", "'&#13;&lt;'"),
  text("empty", "", "''"),
  ...["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"].map(whole),
  ...["0.0001", "-0.0001", "99999999999999.9999", "-99999999999999.9999", "0.1000", "12"].map(amount),
  exact("123456789012345678901234567890.12345"),
  exact("-7"),
  exact("0.000000000000000000000000000001", "1E-30"),
  exact("100.00"),
  ratio(0.1, "0.1"),
  ratio(-0, "-0.0"),
  ratio(5e-324, "5e-324"),
  ratio(Number.MAX_VALUE, "1.7976931348623157e+308"),
  ratio(2 ** 53 + 2, "9007199254740994.0"),
  ratio(Infinity, "inf"),
  ratio(-Infinity, "-inf"),
  ratio(NaN, "nan"),
  { name: "flag: true", row: { flag: true }, seen: "flag=True" },
  { name: "flag: false", row: { flag: false }, seen: "flag=False" },
  moment("with microseconds", "2024-02-29T12:34:56.789012Z", "2024, 2, 29, 12, 34, 56, 789012"),
  moment("before 1970", "1969-12-31T23:59:59.999999Z", "1969, 12, 31, 23, 59, 59, 999999"),
  moment("the last", "9999-12-31T23:59:59.999999Z", "9999, 12, 31, 23, 59, 59, 999999"),
  moment("long ago", "1000-01-01T00:00:00Z", "1000, 1, 1, 0, 0"),
  moment("without a zone", "2024-03-01T00:00:00", "2024, 3, 1, 0, 0", "2024-03-01T00:00:00Z"),
  moment("east of Greenwich", "2024-03-01T01:30:00+05:30", "2024, 2, 29, 20, 0", "2024-02-29T20:00:00Z"),
  moment(
    "west of Greenwich",
    "2023-12-31T23:30:00.5-14:00",
    "2024, 1, 1, 13, 30, 0, 500000",
    "2024-01-01T13:30:00.5Z",
  ),
  day("a leap day", "2024-02-29", "2024, 2, 29"),
  day("before 1970", "1899-12-31", "1899, 12, 31"),
  day("the last", "9999-12-31", "9999, 12, 31"),
  { name: "list: none", row: { tags: {} }, seen: "tags=[]" },
  { name: "list: one", row: { tags: { item: ["a"] } }, seen: "tags=['a']" },
  {
    name: "list: many, in their order",
    row: { tags: { item: ["b", " ", "a", "b"] } },
    seen: "tags=['b', ' ', 'a', 'b']",
  },
  { name: "map: empty", row: { counts: {} }, seen: "counts={}" },
  {
    name: "map: names that programs trip over",
    row: {
      counts: {
        entry: [
          { key: "__proto__", value: long("9007199254740993") },
          { key: "é ", value: long("-1") },
        ],
      },
    },
    seen: "counts={'__proto__': 9007199254740993, 'é ': -1}",
  },
  { name: "record: empty", row: { classField: {} }, seen: "class={}" },
  {
    name: "record: full",
    row: {
      classField: {
        note: "n",
        total: long("7"),
        typeField: { item: [decimal("0.01"), decimal("-999999999.99")] },
      },
    },
    seen: "class={'note': 'n', 'total': 7, 'type': [Decimal('0.01'), Decimal('-999999999.99')]}",
  },
  {
    name: "record: with nils",
    row: { classField: { note: null, total: null, typeField: null } },
    seen: "class={}",
    answer: { classField: {} },
  },
  { name: "everything absent", row: {}, seen: "" },
  {
    name: "everything nil",
    row: Object.fromEntries(COLUMNS.map((column): [string, Json] => [column, null])),
    seen: "",
    answer: {},
  },
];

/** Rows for `single_row`, whose lock bounds everything as COBOL needs it. */
export const SINGLE_CASES: readonly Omit<ValueCase, "name">[] = [
  {
    row: {
      textField: " as long as sixty-four characters, <&> each of them counted 😀",
      statusField: "IN REVIEW",
      whole: long("-999999999999999999"),
      amount: decimal("12345678901234.5678"),
      ratio: decimal("-1234567.0625"),
      flag: false,
      moment: dateTime("2024-02-29T12:34:56.7Z"),
      dayField: date("2024-02-29"),
    },
    seen:
      "text=' as long as sixty-four characters, <&> each of them counted 😀'; status='IN REVIEW'; " +
      "whole=-999999999999999999; amount=Decimal('12345678901234.5678'); ratio=-1234567.0625; flag=False; " +
      "moment=datetime.datetime(2024, 2, 29, 12, 34, 56, 700000); day=datetime.date(2024, 2, 29)",
  },
  { row: { textField: "x" }, seen: "text='x'" },
  {
    row: { textField: "x", whole: null, moment: null, statusField: null },
    answer: { textField: "x" },
    seen: "text='x'",
  },
];

/** Python for `anything`, and the answer. */
export const UNDECLARED: readonly (readonly [python: string, answer: string])[] = [
  ["None", "null"],
  ["'text <&> é 😀'", '"text <&> é 😀"'],
  ["2 ** 63 - 1", "9223372036854775807"],
  ["[1, 2.5, True, None, {'a': []}]", '[1,2.5,true,null,{"a":[]}]'],
  ["decimal.Decimal('1.50')", "1.50"],
  ["datetime.date(2024, 2, 29)", '"2024-02-29"'],
];
