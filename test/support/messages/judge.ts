/** Holds the rules against everything that the processes of a test run wrote down (`record.ts`). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkExchange } from "./check-exchange.js";
import type { Exchange, Headers } from "./exchange.js";
import type { RecordedExchange, RecordedWsdl } from "./record.js";

export interface Judgement {
  /** Exchanges that differ from one another. */
  readonly exchanges: number;
  /** Of these, replies whose payload was held against the schema of the WSDL that was served. */
  readonly validated: number;
  /** What is broken, each with the first exchanges that break it. */
  readonly broken: ReadonlyMap<string, readonly string[]>;
}

/** Exchanges that are shown for one breach. */
const MOST_SHOWN = 3;
const SHOWN_LENGTH = 600;

/** @throws Error when a record cannot be read */
export function judgeRecords(folder: string): Judgement {
  const files = readdirSync(folder).sort();
  const wsdls = new Map(
    linesOf(
      folder,
      files.filter((name) => name.endsWith(".wsdls.jsonl")),
    ).map((line) => {
      const { endpoint, text } = JSON.parse(line) as RecordedWsdl;
      return [endpoint, text];
    }),
  );
  const broken = new Map<string, string[]>();
  const counts = { exchanges: 0, validated: 0 };
  for (const line of linesOf(
    folder,
    files.filter((name) => !name.endsWith(".wsdls.jsonl")),
  )) {
    const record = JSON.parse(line) as RecordedExchange;
    const wsdl = wsdls.get(record.endpoint);
    counts.exchanges += 1;
    if (wsdl !== undefined && record.method === "POST") counts.validated += 1;
    for (const breach of breachesOf(exchangeOf(record), wsdl)) {
      const shown = broken.get(breach) ?? [];
      broken.set(breach, shown);
      if (shown.length < MOST_SHOWN) shown.push(show(record));
    }
  }
  return { ...counts, broken };
}

/** An answered call whose WSDL was not to be had is a breach too: its payload would go unchecked. */
function breachesOf(exchange: Exchange, wsdl: string | undefined): readonly string[] {
  const isUnchecked =
    wsdl === undefined && exchange.request.method === "POST" && exchange.reply.status === 200;
  return [...checkExchange(exchange, wsdl), ...(isUnchecked ? ["own WSDL: the endpoint serves none"] : [])];
}

function linesOf(folder: string, files: readonly string[]): readonly string[] {
  return files.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
}

function exchangeOf(record: RecordedExchange): Exchange {
  const [statusLine = "", ...lines] = record.replyHead.trimEnd().split("\r\n");
  const [, httpVersion = "", status = ""] = /^HTTP\/(\S+) (\d+)/.exec(statusLine) ?? [];
  return {
    request: {
      method: record.method,
      target: record.target,
      headers: pairs(record.requestHeaders),
      body: Buffer.from(record.requestBody, "base64"),
    },
    reply: {
      httpVersion,
      status: Number(status),
      headers: lines.map((line) => [
        line.slice(0, line.indexOf(":")),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
      body: Buffer.from(record.replyBody, "base64"),
    },
  };
}

function pairs(flat: readonly string[]): Headers {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}

function show(record: RecordedExchange): string {
  const text = (base64: string): string =>
    Buffer.from(base64, "base64").toString("utf8").slice(0, SHOWN_LENGTH);
  return `${record.method} ${record.target}\n${text(record.requestBody)}\n${record.replyHead}${text(record.replyBody)}`;
}
