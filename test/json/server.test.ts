/** The endpoint of a real gateway, over both versions of HTTP: what it takes, what it answers, and what the log has. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { ClientHttp2Session } from "node:http2";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { ask, connectHttp2 } from "../support/http2-client.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";

const execute = promisify(execFile);
const PATH = "/v1/credit_decision:evaluate";
const JSON_TYPE = { "content-type": "application/json" };
const SAMPLE = readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8");
const EXPECTED: unknown = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.expected.json"), "utf8"),
);

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

let served: ServedExample;
let session: ClientHttp2Session;

before(async () => {
  served = await serveExample(repository("examples/credit_decision/artifact"), {
    processes: "1",
    maxMessageBytes: "400000",
    compressFromBytes: "300",
    publicUrl: "https://decisions.bank",
  });
  session = await connectHttp2(served.base);
});

after(async () => {
  session.destroy();
  assert.equal(served.gateway.load().receivingBytes, 0);
  await served.gateway.stop();
});

async function overHttp1({
  method = "POST",
  path = PATH,
  headers = JSON_TYPE,
  body,
}: Request): Promise<Reply> {
  const { Agent, request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const agent = new Agent();
    const outgoing = request(`${served.base}${path}`, { method, headers, agent }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => {
        agent.destroy();
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(method === "POST" ? (body ?? SAMPLE) : undefined);
  });
}

async function overHttp2({
  method = "POST",
  path = PATH,
  headers = JSON_TYPE,
  body,
}: Request): Promise<Reply> {
  return ask(session, served.service, {
    method,
    path,
    headers,
    body: body ?? (method === "POST" ? SAMPLE : ""),
  });
}

const VERSIONS = { "HTTP/1.1": overHttp1, "HTTP/2": overHttp2 };

function jsonOf({ body }: Reply): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

for (const [version, send] of Object.entries(VERSIONS)) {
  test(`${version}: an answer, its request id, and its line in the log`, async () => {
    const headers = {
      ...JSON_TYPE,
      "x-request-id": `id-${version}`,
      priority: "u=5",
      accept: "text/html, */*;q=0.1",
    };
    for (let time = 0; time < 2; time += 1) {
      const reply = await send({ headers });
      assert.equal(reply.status, 200, reply.body.toString());
      assert.equal(reply.headers["content-type"], "application/json");
      assert.equal(reply.headers["x-request-id"], `id-${version}`);
      assert.deepEqual(jsonOf(reply), { result: EXPECTED });
    }
    const record = served.calls.findLast(({ requestId }) => requestId === `id-${version}`);
    assert.equal(record?.protocol, "json");
    assert.equal(record.code, "ok");
    assert.equal(record.bytesIn, Buffer.byteLength(SAMPLE));
  });

  test(`${version}: gzip both ways`, async () => {
    const headers = { ...JSON_TYPE, "content-encoding": "gzip", "accept-encoding": "gzip" };
    const reply = await send({ headers, body: gzipSync(SAMPLE) });
    assert.equal(reply.headers["content-encoding"], "gzip");
    assert.equal(reply.headers["vary"], "Accept-Encoding");
    assert.deepEqual(jsonOf({ ...reply, body: gunzipSync(reply.body) }), { result: EXPECTED });
  });

  test(`${version}: what is refused, as problem details`, async () => {
    const cases: readonly (readonly [
      Request,
      status: number,
      code: string,
      header?: readonly [string, string],
    ])[] = [
      [{ headers: {} }, 415, "unsupported", ["accept", "application/json"]],
      [{ headers: { "content-type": "text/json" } }, 415, "unsupported"],
      [{ headers: { "content-type": "application/json; charset=iso-8859-1" } }, 415, "unsupported"],
      [
        { headers: { ...JSON_TYPE, "content-encoding": "br" } },
        415,
        "unsupported",
        ["accept-encoding", "gzip, identity"],
      ],
      [{ headers: { ...JSON_TYPE, accept: "text/xml" } }, 406, "unsupported"],
      [{ headers: { ...JSON_TYPE, accept: "application/json;q=0, */*" } }, 406, "unsupported"],
      [{ body: "x" }, 400, "invalid_input"],
      [{ body: " ".repeat(400_001) }, 413, "too_large"],
      [
        { headers: { ...JSON_TYPE, "content-encoding": "gzip" }, body: gzipSync(" ".repeat(400_001)) },
        413,
        "too_large",
      ],
      [{ headers: { ...JSON_TYPE, "content-encoding": "gzip" } }, 400, "invalid_input"],
      [{ method: "GET" }, 405, "unsupported", ["allow", "POST"]],
      [{ method: "PUT" }, 405, "unsupported", ["allow", "POST"]],
      [{ method: "OPTIONS" }, 405, "unsupported", ["allow", "POST"]],
    ];
    for (const [request, status, code, header] of cases) {
      const reply = await send(request);
      const what = `${JSON.stringify(request).slice(0, 80)}: ${reply.body.toString()}`;
      assert.equal(reply.status, status, what);
      assert.equal(reply.headers["content-type"], "application/problem+json", what);
      const problem = jsonOf(reply);
      assert.deepEqual([problem["code"], problem["status"], problem["started"]], [code, status, false], what);
      assert.equal(problem["requestId"], reply.headers["x-request-id"]);
      if (header !== undefined) assert.equal(reply.headers[header[0]], header[1], what);
    }
    const head = await send({ method: "HEAD" });
    assert.deepEqual([head.status, head.headers["allow"], head.body.length], [405, "POST", 0]);
  });

  test(`${version}: the charset may be said, and a large request is read elsewhere and answered the same`, async () => {
    const headers = { "content-type": 'Application/JSON; charset="UTF-8"' };
    const large = `${SAMPLE}${" ".repeat(300_000)}`;
    assert.deepEqual(jsonOf(await send({ headers, body: large })), { result: EXPECTED });
    const wrong = await send({ body: large.replace('"CARD"', "41114111") });
    assert.equal(wrong.status, 400);
    const [first] = jsonOf(wrong)["violations"] as { path: string; message: string }[];
    assert.deepEqual(first, { path: "application[0].product_code", message: "Expected a string." });
    assert.doesNotMatch(wrong.body.toString(), /41114111/);
  });

  test(`${version}: the OpenAPI document has the address of the deployment`, async () => {
    for (const path of ["/openapi.json", "/v1/credit_decision/openapi.json"]) {
      const reply = await send({ method: "GET", path, headers: {} });
      assert.equal(reply.headers["content-type"], "application/json");
      const document = jsonOf(reply);
      assert.deepEqual(document["servers"], [{ url: "https://decisions.bank" }]);
      assert.deepEqual(Object.keys(document["paths"] as object), [PATH]);
    }
  });
}

test("the commands of docs/json.md do what the page says", async () => {
  const page = readFileSync(repository("docs/json.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```\n\n```json\n(.*?)^```$/gms)];
  assert.ok(blocks.length >= 2);
  for (const [, command = "", promised = ""] of blocks) {
    const { stdout } = await execute("sh", ["-c", command.replaceAll("http://localhost:8080", served.base)], {
      cwd: repository("."),
    });
    assert.deepEqual(JSON.parse(stdout), JSON.parse(promised), command);
  }
});
