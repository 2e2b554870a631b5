/** A running gateway to be attacked over raw sockets, and what has to be true of it afterwards. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Flags } from "../../src/config.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import type { Json } from "../support/json-of-type.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";
import { soapRequest } from "../support/soap-client.js";
import { openRaw, type RawConnection, type RawReply } from "./raw-http.js";

const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Json>;

export interface Attacked {
  readonly served: () => ServedExample;
  /** The path of the SOAP 1.1 endpoint. */
  readonly path: () => string;
  /** A valid request in SOAP 1.1. */
  readonly good: () => string;
  /** Opens a connection and sends. */
  readonly open: (bytes?: string | Uint8Array) => RawConnection;
  /** A POST of the body, with these header lines beside Host and Content-Type. */
  readonly post: (body: string | Uint8Array, ...lines: readonly string[]) => Buffer;
  /** The only reply to these bytes; the connection is then closed, by either side. */
  readonly answer: (bytes: string | Uint8Array) => Promise<RawReply>;
}

/** Registers the hooks: one gateway for the tests of the file, in which the attacks must leave nothing behind. */
export function attackedGateway(flags: Flags = {}): Attacked {
  let started: ServedExample | undefined;
  let timers = 0;
  const connections = new Set<RawConnection>();
  const served = (): ServedExample => {
    if (started === undefined) throw new Error("not started yet");
    return started;
  };
  const path = (): string => soapVersionPath(served().service, "1.1");
  const good = (): string => soapRequest(served().service, SAMPLE);
  const open = (bytes?: string | Uint8Array): RawConnection => {
    const connection = openRaw(served().address, bytes);
    connections.add(connection);
    return connection;
  };
  const post = (body: string | Uint8Array, ...lines: readonly string[]): Buffer => {
    const hasFraming = lines.some((line) => /^(?:content-length|transfer-encoding):/i.test(line));
    const head = [
      `POST ${path()} HTTP/1.1`,
      "Host: gateway",
      ...(lines.some((line) => /^content-type:/i.test(line))
        ? []
        : ["Content-Type: text/xml; charset=utf-8"]),
      ...(hasFraming ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ...lines,
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]);
  };

  before(async () => {
    const artifact = repository("examples/credit_decision/artifact");
    started = await serveExample(artifact, { processes: "1", maxMessageBytes: "100000", ...flags });
    timers = activeTimers();
  });
  after(async () => {
    const { gateway, calls } = served();
    try {
      for (const { socket } of connections) socket.destroy();
      // Everything of the attacks goes by itself; a test that leaves something runs into the time limit of the file.
      while (gateway.load().connections > 0 || activeTimers() > timers) await sleep(10);
      assert.deepEqual(gateway.load(), { connections: 0, receivingBytes: 0 });
      const before = calls.length;
      const response = await fetch(`http://${served().address}${path()}`, {
        method: "POST",
        headers: { "Content-Type": "text/xml", Connection: "close" },
        body: good(),
      });
      assert.equal(response.status, 200, "after the attacks it answers as ever");
      assert.equal(calls.length, before + 1);
    } finally {
      await gateway.stop();
    }
  });

  return {
    served,
    path,
    good,
    open,
    post,
    async answer(bytes) {
      const connection = open(bytes);
      const reply = await connection.reply();
      // A caller that is told so closes; the gateway would wait a little for what it still sends.
      connection.socket.end();
      if (reply.headers.get("connection") === "close")
        assert.equal(await connection.closed(), 0, "one reply");
      connection.socket.destroy();
      return reply;
    },
  };
}

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/** The `code` of a fault's detail. */
export function codeOf({ body }: RawReply): string | undefined {
  return /<code>(.*?)<\/code>/.exec(body.toString())?.[1];
}
