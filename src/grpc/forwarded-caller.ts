/**
 * The caller of a call that grpc-js answers. It shows its handlers nothing of a connection but the metadata, so the caller is
 * written there: over whatever came under that name, which nobody outside may say.
 */
import type { IncomingHttpHeaders } from "node:http2";
import type { Caller } from "../caller-of.js";
import { onlyText, type Rpc } from "./caller-watch.js";

const ADDRESS = "x-artifact-gateway-caller-address";
const NAME = "x-artifact-gateway-caller-name";

export function writeCaller(headers: IncomingHttpHeaders, { address, name }: Caller): void {
  write(headers, ADDRESS, address);
  write(headers, NAME, name);
}

export function readCaller(rpc: Rpc): Caller {
  return { address: read(rpc, ADDRESS), name: read(rpc, NAME) };
}

function write(headers: IncomingHttpHeaders, key: string, text: string | undefined): void {
  if (text === undefined) Reflect.deleteProperty(headers, key);
  else headers[key] = Buffer.from(text).toString("base64url");
}

function read(rpc: Rpc, key: string): string | undefined {
  const text = onlyText(rpc, key);
  return text === undefined ? undefined : Buffer.from(text, "base64url").toString();
}
