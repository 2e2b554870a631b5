import assert from "node:assert/strict";
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { GatewayError } from "../../src/errors.js";
import { createBodyBudget, type BodyBudget } from "../../src/body-budget.js";
import { Http1Exchange } from "../../src/http/http1-exchange.js";
import { readBody, type ReadBodyOptions } from "../../src/http/read-body.js";

interface BodyServer extends AsyncDisposable {
  readonly port: number;
  readonly budget: BodyBudget;
  /** How the next request's body came out: its length, or the code. */
  next(): Promise<number | string>;
}

/** A server that reads every body with these options and answers how it went. */
async function startServer(options: Partial<ReadBodyOptions>): Promise<BodyServer> {
  const budget = options.budget ?? createBodyBudget(1_000_000);
  const bounds = { maxBytes: 1000, timeoutMs: 60_000, maxInflateRatio: 200, ...options, budget };
  const outcomes: (number | string)[] = [];
  const waiting: ((outcome: number | string) => void)[] = [];
  const onRequest: RequestListener = (request, response) => {
    const listeners = countListeners(request);
    const exchange = new Http1Exchange(request, response);
    readBody(exchange, bounds)
      .then(
        (body) => body.length,
        (error: unknown) => (error instanceof GatewayError ? error.code : "not ours"),
      )
      .then((outcome) => {
        const left = countListeners(request) - listeners;
        exchange.reply({ status: 200, headers: {}, body: `${outcome} ${left}` });
        const waiter = waiting.shift();
        if (waiter === undefined) outcomes.push(outcome);
        else waiter(outcome);
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  };
  const server = createServer().on("request", onRequest).on("checkContinue", onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    budget,
    next: () => {
      const outcome = outcomes.shift();
      return outcome === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(outcome);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function countListeners(request: IncomingMessage): number {
  return ["data", "end", "close"].reduce((sum, event) => sum + request.listenerCount(event), 0);
}

/** Sends a body, declared or in chunks, and gives the reply's text and whether the connection is kept. */
function post(
  port: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ text: string; kept: boolean }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port, host: "127.0.0.1", method: "POST", headers, agent: false },
      (reply) => {
        let text = "";
        reply.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        reply.on("end", () => resolve({ text, kept: reply.headers.connection !== "close" }));
      },
    );
    outgoing.on("error", reject);
    if (headers["Expect"] === undefined) outgoing.end(body);
    else {
      let told = 0;
      outgoing.on("continue", () => {
        told += 1;
        assert.equal(told, 1, "told once to send the body");
        outgoing.end(body);
      });
      outgoing.flushHeaders();
    }
  });
}

async function open(port: number, head: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.on("error", () => undefined);
  socket.write(head);
  return socket;
}

const GENEROUS = { maxBytes: 1000, timeoutMs: 60_000 };
/** The framing of a compressed body of which only a part will come. */
const HALF = ({ length }: Uint8Array): string => `Content-Encoding: gzip\r\nContent-Length: ${length}`;
const CHUNKED = { "Transfer-Encoding": "chunked" };
const KEEP = { Connection: "keep-alive" };

test("a body is read whole, declared, in chunks and after 100 Continue, and leaves no listener", async () => {
  await using server = await startServer(GENEROUS);
  const body = "x".repeat(1000);
  assert.deepEqual(await post(server.port, body, { "Content-Length": "1000", ...KEEP }), {
    text: "1000 0",
    kept: true,
  });
  assert.equal((await post(server.port, body, CHUNKED)).text, "1000 0");
  assert.equal(
    (await post(server.port, body, { "Content-Length": "1000", Expect: "100-continue" })).text,
    "1000 0",
  );
  assert.equal((await post(server.port, "", { "Content-Length": "0" })).text, "0 0");
  assert.equal(
    (await post(server.port, body, { ...CHUNKED, "Content-Encoding": "Identity" })).text,
    "1000 0",
  );
});

test("one byte over the limit is too large, however it comes, and the caller still gets its reply", async () => {
  await using server = await startServer(GENEROUS);
  const body = "x".repeat(1001);
  assert.equal((await post(server.port, body, { "Content-Length": "1001", ...KEEP })).text, "too_large 0");
  assert.equal((await post(server.port, body, CHUNKED)).text, "too_large 0");
});

test("a caller that sends far too much gets its reply while it is still sending", async () => {
  await using server = await startServer(GENEROUS);
  const body = "x".repeat(5_000_000);
  for (const framing of [{ "Content-Length": "5000000" }, CHUNKED]) {
    assert.deepEqual(await post(server.port, body, framing), { text: "too_large 0", kept: false });
  }
  assert.equal(server.budget.held(), 0);
});

test("an endless chunked body is refused, and its connection ends", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  const sendOn = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.resume().on("drain", sendOn);
  sendOn();
  assert.equal(await server.next(), "too_large");
  await closed;
});

test("without a length there is nothing to be read", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.equal(await server.next(), "invalid_input");
  socket.destroy();
});

const GZIP = { "Content-Encoding": "gzip" };

test("gzip is read, whatever it is called and however it comes", async () => {
  await using server = await startServer(GENEROUS);
  const body = gzipSync("x".repeat(1000));
  for (const name of ["gzip", "GZip", "x-gzip", "identity, gzip", " gzip "]) {
    assert.equal((await post(server.port, body, { "Content-Encoding": name })).text, "1000 0", name);
  }
  const framing = { "Content-Length": String(body.length) };
  assert.equal(
    (await post(server.port, body, { ...framing, ...GZIP, Expect: "100-continue" })).text,
    "1000 0",
  );
  const members = Buffer.concat([gzipSync("abc"), gzipSync("de")]);
  assert.equal(
    (await post(server.port, members, GZIP)).text,
    "5 0",
    "RFC 1952, 2.2: members follow one another",
  );
  assert.equal((await post(server.port, gzipSync(""), GZIP)).text, "0 0");
});

test("what is not one whole gzip stream is refused", async () => {
  await using server = await startServer(GENEROUS);
  const whole = gzipSync("x".repeat(500) + String(Math.random()));
  const wrong = {
    empty: Buffer.alloc(0),
    text: Buffer.from("<a/>"),
    truncated: whole.subarray(0, -1),
    "without its trailer": whole.subarray(0, -8),
    "a header alone": whole.subarray(0, 10),
    "a zero behind it": Buffer.concat([whole, Buffer.alloc(1)]),
    "text behind it": Buffer.concat([whole, Buffer.from("<a/>")]),
    "half of another behind it": Buffer.concat([whole, whole.subarray(0, 12)]),
    "a wrong checksum": Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]),
  };
  for (const [name, body] of Object.entries(wrong)) {
    assert.equal((await post(server.port, body, GZIP)).text, "invalid_input 0", name);
    const { text } = await post(server.port, body, { ...GZIP, ...CHUNKED });
    assert.equal(text, "invalid_input 0", `${name}, in chunks`);
  }
  assert.equal(server.budget.held(), 0);
});

test("other codings, and more than one, are unsupported before the body is asked for", async () => {
  await using server = await startServer(GENEROUS);
  for (const coding of ["deflate", "br", "zstd", "gzip, gzip", "gzip, br", "g zip", "*"]) {
    const head = `Host: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nContent-Encoding: ${coding}`;
    const socket = await open(server.port, `POST / HTTP/1.1\r\n${head}\r\n\r\n`);
    const [reply] = (await once(socket, "data")) as [Buffer];
    assert.match(reply.toString(), /^HTTP\/1\.1 200 [^]*unsupported/, coding);
    assert.equal(await server.next(), "unsupported", coding);
    socket.destroy();
  }
});

test("a gzip bomb is refused for what it becomes, before all of it has come", async () => {
  const zeros = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
  await using server = await startServer({ maxBytes: 300_000 });
  const socket = await open(server.port, `POST / HTTP/1.1\r\nHost: x\r\n${HALF(zeros)}\r\n\r\n`);
  // Half of it, and no more: only a reader that counts what comes out knows by now.
  socket.write(zeros.subarray(0, zeros.length / 2));
  assert.equal(await server.next(), "too_large");
  socket.destroy();
});

test("a body within its size that shrank too much is refused for its ratio", async () => {
  const body = gzipSync(Buffer.alloc(800_000));
  await using strict = await startServer({ maxBytes: 1_000_000, maxInflateRatio: 100 });
  assert.equal((await post(strict.port, body, GZIP)).text, "too_large 0");
  const small = gzipSync(Buffer.alloc(60_000));
  assert.equal((await post(strict.port, small, GZIP)).text, "60000 0", "the first 64 KiB are free");
  await using generous = await startServer({ maxBytes: 1_000_000, maxInflateRatio: 1032 });
  assert.equal((await post(generous.port, body, GZIP)).text, "800000 0");
});

test("bodies that arrive hold no more than the budget, and give it all back", async () => {
  await using server = await startServer({ budget: createBodyBudget(1500) });
  const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
  const first = await open(server.port, head + "x".repeat(900));
  while (server.budget.held() < 900) await turn();
  const second = await open(server.port, head + "x".repeat(900));
  assert.equal(await server.next(), "overloaded");
  assert.equal(server.budget.held(), 900, "the second has given back what it held");
  first.write("x".repeat(100));
  assert.equal(await server.next(), 1000);
  assert.equal(server.budget.held(), 0);
  first.destroy();
  second.destroy();
});

test("whatever a body is and however it is cut, it is read or refused, and nothing is kept", async () => {
  await using server = await startServer(GENEROUS);
  const bytes = fc.uint8Array({ maxLength: 1100 });
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), fc.nat(1200), async (content, asGzip, cut) => {
      const whole = asGzip ? gzipSync(content) : Buffer.from(content);
      const body = whole.subarray(0, cut);
      const { text } = await post(server.port, body, asGzip ? GZIP : { ...CHUNKED });
      const isWhole = !asGzip || cut >= whole.length;
      const size = asGzip ? content.length : body.length;
      const fitting = size <= 1000 ? `${size} 0` : "too_large 0";
      // A stream cut off after too much has come out of it is too large before it is not whole.
      if (isWhole) assert.equal(text, fitting);
      else assert.ok(text === "invalid_input 0" || text === "too_large 0", text);
      assert.equal(server.budget.held(), 0);
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("a connection that ends early settles the read", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  const outcome = server.next();
  socket.destroy();
  assert.equal(await outcome, "invalid_input");
});

test("a body that never comes is given up", async () => {
  await using server = await startServer({ timeoutMs: 20 });
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resume();
  assert.equal(await server.next(), "deadline_exceeded");
  await closed;
});
