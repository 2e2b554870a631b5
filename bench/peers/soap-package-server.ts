/**
 * The peer for SOAP in Node: the server of the `soap` package as it comes, in front of the same `main()` in as many
 * Python processes as the others have. Arguments: the interpreter, then those of `pipe_main.py`.
 *
 * It does not validate: what the schema forbids reaches `main()`. It bounds nothing, has no deadlines, logs nothing.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { listen } from "soap";
import type { PeerField, PeerInterface, PeerTable } from "../interface.js";
import { startPipeMain, type JsonObject } from "./pipe-main.js";
import { KEEPS_VALUES } from "./soap-package-options.js";

type Row = JsonObject;
/** A request as the package reads it. */
type Request = Readonly<Record<string, { readonly row: readonly Row[] }>>;

const [python = "", ...mainArguments] = process.argv.slice(2);
const argument = (name: string): string => mainArguments[mainArguments.indexOf(name) + 1] ?? "";
const interfaceFile = argument("--interface");
const contract = JSON.parse(readFileSync(interfaceFile, "utf8")) as PeerInterface;
const wsdl = readFileSync(join(dirname(interfaceFile), "service.wsdl"), "utf8");
const mains = Array.from({ length: Number(argument("--processes")) }, () =>
  startPipeMain([python, ...mainArguments]),
);

async function evaluate(request: Request): Promise<object> {
  const tables = Object.fromEntries(contract.tables.map((table) => [table.source, rowsOf(table, request)]));
  const [first, ...others] = mains;
  if (first === undefined) throw new Error("--processes is at least 1");
  const freest = others.reduce((best, main) => (main.running < best.running ? main : best), first);
  return { result: renamed(contract.result, await freest.call(tables), "source", "xmlName") };
}

function rowsOf({ xmlName, columns }: PeerTable, request: Request): readonly Row[] {
  return (request[xmlName]?.row ?? []).map((row) => renamed(columns, row, "xmlName", "source"));
}

/** The same record under its fields' other names. */
function renamed<Name extends "source" | "xmlName">(
  fields: readonly PeerField[],
  record: Row,
  from: Name,
  to: Name,
): Row {
  return Object.fromEntries(fields.map((field) => [field[to], record[field[from]]]));
}

await Promise.all(mains.map(({ ready }) => ready));
const server = createServer();
server.keepAliveTimeout = 0;
listen(server, {
  path: contract.soapPath,
  services: { [contract.soapService]: { [contract.soapPort]: { [contract.operation]: evaluate } } },
  xml: wsdl,
  ...KEEPS_VALUES,
});
server.listen(Number(argument("--port")), "127.0.0.1", () => process.stdout.write("ready\n"));
