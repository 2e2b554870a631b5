/** The WSDL of an endpoint, asked for without a connection: nothing that a test counts is disturbed. */
import { IncomingMessage, ServerResponse, type Server } from "node:http";
import { Duplex } from "node:stream";
import { Socket } from "node:net";

/** What the server answers to `GET path?wsdl` at once; absent when that is no WSDL. */
export function readServedWsdl(server: Server, path: string): string | undefined {
  const request = new IncomingMessage(new Socket());
  request.method = "GET";
  request.url = `${path}?wsdl`;
  request.headers = { host: "localhost" };
  request.complete = true;
  const response = new ServerResponse(request);
  const sent: Buffer[] = [];
  const sink = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      sent.push(chunk);
      done();
    },
  });
  Reflect.apply(response.assignSocket.bind(response), response, [sink]);
  response.once("finish", () => void response.emit("close"));
  server.emit("request", request, response);
  const [head = "", ...body] = Buffer.concat(sent).toString("utf8").split("\r\n\r\n");
  return head.startsWith("HTTP/1.1 200") && head.includes("xml") ? body.join("\r\n\r\n") : undefined;
}
