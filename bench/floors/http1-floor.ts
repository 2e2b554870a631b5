/** node:http that reads each request to its end and answers the bytes of a file. Arguments: port, file. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [port = "", file = ""] = process.argv.slice(2);
const answer = readFileSync(file);
const headers = { "Content-Type": "text/xml; charset=utf-8", "Content-Length": answer.length };

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => response.writeHead(200, headers).end(answer));
});
server.keepAliveTimeout = 0;
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
