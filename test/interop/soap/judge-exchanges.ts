/** The rules for messages over what foreign clients really sent and got. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { checkExchange } from "../../support/messages/check-exchange.js";
import type { Exchange as Judged } from "../../support/messages/exchange.js";
import type { Exchange, HttpMessage } from "./http-exchanges.js";

/** @throws AssertionError with every rule that an exchange breaks, and when there is none to judge */
export function judgeExchanges(exchanges: readonly Exchange[]): void {
  const wsdls = new Map<string, string>();
  const broken = new Set<string>();
  let judged = 0;
  for (const { request, reply } of exchanges) {
    const [, method = "", target = ""] =
      /^(\S+) (\S+) HTTP\/1\.1$/.exec(request.startLine) ?? assert.fail(request.startLine);
    const [, status = ""] = /^HTTP\/1\.1 (\d{3}) /.exec(reply.startLine) ?? assert.fail(reply.startLine);
    const [path = "", query] = target.split("?");
    if (query === "wsdl") wsdls.set(path, textOf(reply));
    if (method !== "POST") continue;
    judged += 1;
    const exchange: Judged = {
      request: { method, target, headers: [...request.headers], body: request.body },
      reply: { httpVersion: "1.1", status: Number(status), headers: [...reply.headers], body: reply.body },
    };
    for (const problem of checkExchange(exchange, wsdls.get(path))) broken.add(`${status}: ${problem}`);
  }
  assert.ok(judged > 0, "no message was recorded");
  assert.deepEqual([...broken], []);
}

function textOf({ headers, body }: HttpMessage): string {
  return (headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body).toString("utf8");
}
