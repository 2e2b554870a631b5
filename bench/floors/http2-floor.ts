/** node:http2 that reads each gRPC request to its end and answers the message in a file. Arguments: port, file. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http2";
import { withPrefix } from "../load/grpc-request.js";

const [port = "", file = ""] = process.argv.slice(2);
const answer = withPrefix(readFileSync(file));

const server = createServer();
server.on("stream", (stream) => {
  stream.on("error", () => undefined);
  stream.resume();
  stream.once("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(answer);
  });
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
