/** gRPC messages of a given size that must be refused, each as dear to refuse as somebody could make it. */
import type { RefusalCase } from "./soap-cases.js";

const VARINT = 0;
const DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;

/** Numbers of the sample service's row. */
const ROW = { id: 1, amount: 4, date: 6, lateMonths: 8, tags: 9, unknown: 99 } as const;

/** The application table is field 1 of the request. */
export function grpcCases(): readonly RefusalCase[] {
  const many =
    (piece: Buffer) =>
    (bytes: number): Buffer =>
      Buffer.concat(Array.from({ length: Math.ceil(bytes / piece.length) }, () => piece));
  const inRow =
    (content: (bytes: number) => Buffer) =>
    (bytes: number): Buffer =>
      delimited(1, content(bytes));
  const row = (...fields: readonly Buffer[]): Buffer => delimited(1, Buffer.concat(fields));
  const text = (value: string): Buffer => delimited(1, Buffer.from(value));
  const good = [delimited(ROW.id, Buffer.from("A")), delimited(ROW.amount, text("1"))];

  return [
    { name: "no messages", request: many(Buffer.of(0xff)) },
    { name: "empty rows", request: many(row()) },
    {
      name: "unknown fields",
      request: (bytes) => Buffer.concat([many(Buffer.from([...tag(ROW.unknown, VARINT), 1]))(bytes)]),
    },
    {
      name: "groups nested to the limit",
      request: many(
        Buffer.concat([
          ...Array.from({ length: 90 }, () => Buffer.from(tag(ROW.unknown, START_GROUP))),
          ...Array.from({ length: 90 }, () => Buffer.from(tag(ROW.unknown, END_GROUP))),
        ]),
      ),
    },
    { name: "groups without an end", request: many(Buffer.from(tag(ROW.unknown, START_GROUP))) },
    {
      name: "rows with a wrong decimal",
      request: many(row(good[0] ?? Buffer.of(), delimited(ROW.amount, text("1.2.3")))),
    },
    {
      name: "rows with a wrong date",
      request: many(row(...good, delimited(ROW.date, Buffer.of(8, 1, 16, 99, 24, 99)))),
    },
    {
      name: "packed numbers, too many",
      request: inRow((bytes) => delimited(ROW.lateMonths, Buffer.alloc(bytes - (bytes % 8), 1))),
    },
    {
      name: "keys again and again",
      request: inRow(many(delimited(ROW.tags, Buffer.from([10, 1, 97, 16, 1])))),
    },
    {
      name: "digits of a decimal",
      request: inRow((bytes) => delimited(ROW.amount, text("9".repeat(bytes)))),
    },
    {
      name: "zeros of a decimal",
      request: inRow((bytes) => delimited(ROW.amount, text(`0.${"0".repeat(bytes)}x`))),
    },
    {
      name: "text that is no UTF-8",
      request: inRow((bytes) => delimited(ROW.id, Buffer.alloc(bytes, 0xff))),
    },
    { name: "a field again and again", request: inRow(many(delimited(ROW.amount, text("x")))) },
  ];
}

function tag(number: number, type: number): readonly number[] {
  return varint(number * 8 + type);
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function delimited(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...tag(number, DELIMITED), ...varint(content.length)]), content]);
}
