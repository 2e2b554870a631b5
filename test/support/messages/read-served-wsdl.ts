/** The WSDL of an endpoint, asked for without a connection: nothing that a test counts is disturbed. */
import { IncomingMessage, ServerResponse, type Server } from "node:http";
import { Duplex } from "node:stream";
import { Socket } from "node:net";

/** @param found gets what the server answers to `GET path?wsdl`; is not called when that is no WSDL */
export function readServedWsdl(server: Server, path: string, found: (text: string) => void): void {
  const socket = new Socket();
  const request = new IncomingMessage(socket);
  request.httpVersion = "1.1";
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
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
  response.once("finish", () => {
    const [head = "", ...body] = Buffer.concat(sent).toString("utf8").split("\r\n\r\n");
    if (head.startsWith("HTTP/1.1 200") && head.includes("xml")) found(body.join("\r\n\r\n"));
    response.emit("close");
    socket.destroy();
  });
  server.emit("request", request, response);
}
