/**
 * Values at the edges of every type, for `fixtures/exact_echo`, which answers with the rows that it gets: what a client sends
 * must come back as it was. As text, because JavaScript reads neither every long nor every decimal.
 */

/** What editors, parsers and databases like to change: line ends, blanks, joined characters, letters of four bytes. */
const ODD = "\u0085 \u2028 \uFEFF \uFDFA 漢字 😀 e\u0301";

/** Rows in ProtoJSON under proto names, in its canonical form; absent fields are left out. */
export const EXACT_PROTO_ROWS = [
  {
    text: ` two  blanks,\ta tab,\na line,\r\0 <&>"' ${ODD} `,
    whole: "9223372036854775807",
    amount: { value: "99999999999999.9999" },
    exact: { value: "123456789012345678901234567890.12345" },
    ratio: 1.7976931348623157e308,
    flag: true,
    moment: "9999-12-31T23:59:59.999999Z",
    day: { year: 9999, month: 12, day: 31 },
    tags: ["", "a", " "],
    counts: { "": "-1", key: "9007199254740993" },
    class: { note: "", total: "9007199254740993", type: [{ value: "0.01" }, { value: "-999999999.99" }] },
  },
  {
    text: "",
    whole: "-9223372036854775808",
    amount: { value: "-0.0001" },
    exact: { value: "0.000000000000000000000000000001" },
    ratio: 5e-324,
    flag: false,
    moment: "0001-01-01T00:00:00Z",
    day: { year: 1, month: 1, day: 1 },
    class: {},
  },
  {
    text: "leap",
    whole: "0",
    ratio: 0.1,
    moment: "2024-02-29T12:34:56.700Z",
    day: { year: 2024, month: 2, day: 29 },
  },
  { text: "infinite", ratio: "Infinity" },
];
