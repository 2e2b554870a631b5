/** One keep-alive HTTP/1.1 connection that posts the same envelope again and again. */
import { once } from "node:events";
import { connect } from "node:net";
import type { Answer, Connection, Failure, Target } from "./connection.js";
import { readHttp1Response } from "./http1-response.js";

/** @throws Error when nobody accepts the connection */
export async function openSoapConnection(target: Target): Promise<Connection> {
  const socket = connect({ host: "127.0.0.1", port: target.port, noDelay: true });
  await once(socket, "connect");
  const request = requestBytes(target);
  let received: Buffer = Buffer.alloc(0);
  let settle: ((answer: Answer) => void) | undefined;
  let open = true;

  const answer = (value: Answer): void => {
    const waiting = settle;
    settle = undefined;
    waiting?.(value);
  };
  const fail = (failure: Failure): void => {
    open = false;
    socket.destroy();
    answer({ failure });
  };
  socket.on("error", () => fail("reset"));
  socket.on("close", () => fail("reset"));
  socket.on("end", () => fail("reset"));
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const response = readHttp1Response(received);
    if (response === undefined) return;
    // One request, one response: anything beyond it is an answer to nothing.
    if (response === "malformed" || response.rest > 0 || settle === undefined) {
      fail("malformed");
      return;
    }
    received = Buffer.alloc(0);
    if (response.closes) open = false;
    answer(response.status === 200 ? { payload: response.body } : { failure: "status" });
  });

  return {
    isOpen: () => open,
    call() {
      const timer = setTimeout(() => fail("timeout"), target.timeoutMs);
      return new Promise((resolve) => {
        settle = (value) => {
          clearTimeout(timer);
          resolve(value);
        };
        if (open) socket.write(request);
        else fail("reset");
      });
    },
    close() {
      open = false;
      socket.destroy();
    },
  };
}

function requestBytes({ port, path, action, payload }: Target): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Content-Type: text/xml; charset=utf-8",
    `SOAPAction: "${action}"`,
    `Content-Length: ${payload.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), payload]);
}
