/** One keep-alive HTTP/1.1 connection that posts the same body again and again, one call at a time. */
import { sweepInterval, type Answer, type Connection, type Failure, type Target } from "./connection.js";
import { createHttp1Reader } from "./http1-response.js";
import { openSocket } from "./open-socket.js";

/** What a fault or an error body says of a gateway that has no place for a call; HTTP has 503 for it. */
const OVERLOADED = "overloaded";

/** @throws Error when nobody accepts the connection */
export async function openHttp1Connection(target: Target): Promise<Connection> {
  const request = requestBytes(target);
  let waiting: { readonly done: (answer: Answer) => void; readonly sentAt: number } | undefined;
  let open = true;

  const answer = (value: Answer): void => {
    const done = waiting?.done;
    waiting = undefined;
    done?.(value);
  };
  const fail = (failure: Failure): void => {
    open = false;
    clearInterval(sweep);
    socket.destroy();
    answer({ failure });
  };
  const read = createHttp1Reader();
  const socket = await openSocket(target.port, (chunk) => {
    const response = read(chunk);
    if (response === undefined) return;
    // One request, one response: anything beyond it is an answer to nothing.
    if (response === "malformed" || response.rest > 0 || waiting === undefined) {
      fail("malformed");
      return;
    }
    if (response.closes) open = false;
    const { status, body } = response;
    if (status === 200) answer({ payload: body });
    else answer({ failure: status === 503 || body.includes(OVERLOADED) ? "overloaded" : "status" });
  });
  for (const event of ["error", "close", "end"]) socket.on(event, () => fail("reset"));
  const sweep = setInterval(() => {
    if (waiting !== undefined && waiting.sentAt <= performance.now() - target.timeoutMs) fail("timeout");
  }, sweepInterval(target));

  return {
    isOpen: () => open,
    call(done) {
      if (!open) {
        done({ failure: "reset" });
        return;
      }
      waiting = { done, sentAt: performance.now() };
      socket.write(request);
    },
    close: () => fail("reset"),
  };
}

function requestBytes({ port, path, headers, payload }: Target): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers,
    `Content-Length: ${payload.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), payload]);
}
