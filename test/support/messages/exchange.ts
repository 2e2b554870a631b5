/** One HTTP exchange as it was on the wire, and what the rules of `message-rules.ts` ask about it. */
import { gunzipSync } from "node:zlib";
import { ParseOption, XmlDocument, XmlElement } from "libxml2-wasm";
import type { SoapVersion } from "../../../src/contract/soap-names.js";

export type Headers = readonly (readonly [name: string, value: string])[];

export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: Headers;
    readonly body: Uint8Array;
  };
  readonly reply: {
    /** `1.1`. */
    readonly httpVersion: string;
    readonly status: number;
    readonly headers: Headers;
    readonly body: Uint8Array;
  };
}

export const ENVELOPES = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
} as const satisfies Record<SoapVersion, string>;

/** WS-Addressing 1.0. */
export const WSA = "http://www.w3.org/2005/08/addressing";

export const MEDIA_TYPES = {
  "1.1": "text/xml",
  "1.2": "application/soap+xml",
} as const satisfies Record<SoapVersion, string>;

/** One of the two sides. */
export interface Side {
  readonly header: (name: string) => string | undefined;
  /** In small letters; empty when there is none. */
  readonly mediaType: string;
  /** The parameter `charset` of the `Content-Type` in small letters. */
  readonly charset: string | undefined;
  readonly body: Uint8Array;
  /** The body as text; absent when its bytes are not of a charset that can be read here. */
  readonly text: string | undefined;
  /** The body as libxml2 reads it; absent when it is not well-formed, with its namespaces. */
  readonly xml: XmlDocument | undefined;
}

export interface View {
  /** The version of the endpoint that was asked. */
  readonly version: SoapVersion;
  readonly method: string;
  readonly target: string;
  readonly request: Side & {
    /** What the request says it asks for, as it is written; absent when it says nothing. */
    readonly action: string | undefined;
  };
  readonly reply: Side & {
    readonly httpVersion: string;
    readonly status: number;
    /** The version of the envelope in the reply; absent when the reply holds none. */
    readonly envelope: SoapVersion | undefined;
    /** Local name of the fault's code, in the words of its version; absent when it is no fault. */
    readonly fault: string | undefined;
  };
}

/** Whether the caller wants no message back, or none that is a fault (WS-Addressing 1.0 Core, section 2.1). */
export function wantsNoMessage({ request }: View): boolean {
  const path = `//a:*[self::a:ReplyTo or self::a:FaultTo]/a:Address[normalize-space()='${WSA}/none']`;
  return request.xml !== undefined && request.xml.get(path, { a: WSA }) !== null;
}

/** What a rule finds in an exchange; the documents are gone afterwards. */
export function viewExchange<T>(exchange: Exchange, judge: (view: View) => T): T {
  const { method, target, headers } = exchange.request;
  const version = target.startsWith("/soap12/") ? "1.2" : "1.1";
  const request = readSide(headers, exchange.request.body);
  const reply = readSide(exchange.reply.headers, exchange.reply.body);
  const { httpVersion, status } = exchange.reply;
  const envelope = reply.xml === undefined ? undefined : envelopeVersion(reply.xml);
  const fault = reply.xml === undefined || envelope === undefined ? undefined : faultOf(reply.xml, envelope);
  const action = version === "1.1" ? request.header("soapaction") : parameter(request, "action");
  try {
    return judge({
      version,
      method,
      target,
      request: { ...request, action },
      reply: { ...reply, httpVersion, status, envelope, fault },
    });
  } finally {
    request.xml?.dispose();
    reply.xml?.dispose();
  }
}

/** The elements that an XPath finds; `s` is the envelope's namespace. */
export function elements(document: XmlDocument, path: string, version: SoapVersion): readonly XmlElement[] {
  return document.find(path, { s: ENVELOPES[version] }).filter((node) => node instanceof XmlElement);
}

/** Whether an XPath finds anything. */
export function has(document: XmlDocument, path: string, version: SoapVersion): boolean {
  return document.find(path, { s: ENVELOPES[version] }).length > 0;
}

/** Every piece of character data, and every attribute's value. */
export function values(document: XmlDocument): readonly string[] {
  return [...document.find("//text()"), ...document.find("//@*")].map(({ content }) => content);
}

function readSide(headers: Headers, body: Uint8Array): Side {
  const header = (name: string): string | undefined => {
    const found = headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
    return found.length === 0 ? undefined : found.join(", ");
  };
  const mediaType =
    /^[^;]*/
      .exec(header("content-type") ?? "")?.[0]
      .trim()
      .toLowerCase() ?? "";
  const charset = parameter({ header }, "charset")?.toLowerCase();
  const plain = inflate(body, header("content-encoding"));
  const text = plain === undefined ? undefined : decode(plain, charset);
  return { header, mediaType, charset, body, text, xml: text === undefined ? undefined : parse(text) };
}

function parameter({ header }: Pick<Side, "header">, name: string): string | undefined {
  const pattern = new RegExp(`;[ \\t]*${name}=(?:"([^"]*)"|([^\\s;"]*))`, "i");
  const found = pattern.exec(header("content-type") ?? "");
  return found?.[1] ?? found?.[2];
}

function inflate(body: Uint8Array, coding: string | undefined): Uint8Array | undefined {
  if (coding === undefined || /^identity$/i.test(coding)) return body;
  try {
    return /^(x-)?gzip$/i.test(coding) ? gunzipSync(body, { maxOutputLength: 32 * 1024 * 1024 }) : undefined;
  } catch {
    return undefined;
  }
}

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0x3c, 0]],
  ["utf-16be", [0, 0x3c]],
];

function decode(body: Uint8Array, charset: string | undefined): string | undefined {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => body[index] === byte))?.[0];
  const named = charset?.startsWith("utf-16") === true ? marked : charset;
  try {
    return new TextDecoder(named ?? marked ?? "utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function parse(text: string): XmlDocument | undefined {
  try {
    return XmlDocument.fromBuffer(Buffer.from(text), {
      encoding: "UTF-8",
      option: ParseOption.XML_PARSE_HUGE,
    });
  } catch {
    return undefined;
  }
}

function envelopeVersion(document: XmlDocument): SoapVersion | undefined {
  if (document.root.name !== "Envelope") return undefined;
  if (document.root.namespaceUri === ENVELOPES["1.1"]) return "1.1";
  return document.root.namespaceUri === ENVELOPES["1.2"] ? "1.2" : undefined;
}

function faultOf(document: XmlDocument, version: SoapVersion): string | undefined {
  const [fault] = elements(document, "/s:Envelope/s:Body/s:Fault", version);
  if (fault === undefined) return undefined;
  const path = version === "1.1" ? "faultcode" : "s:Code/s:Value";
  const code = fault.get(path, { s: ENVELOPES[version] })?.content ?? "";
  return code.slice(code.indexOf(":") + 1);
}
