/** The page at `/`: what is served, for people who read; for load balancers, the 200 they look for. */
import type { ContractFile } from "../contract-files.js";
import type { Service } from "../contract/model.js";
import { createDocument, type Document } from "../http/document.js";
import type { Exchange } from "../http/exchange.js";
import type { Reply } from "../http/reply.js";
import type { PageMode } from "../page-mode.js";
import { readAssets } from "./assets.js";
import { pageHeaders } from "./headers.js";
import { html } from "./html.js";
import { renderLayout, type LayoutOptions } from "./layout.js";
import { SECTIONS } from "./sections.js";
import { createServicePage } from "./service-page.js";

export type Answer = (exchange: Exchange) => Reply | Promise<Reply>;

/** What is answered at one path. */
export interface PageRoute {
  readonly methods: readonly string[];
  /** Its reply gets the headers of the page, unless it has its own. */
  readonly answer: Answer;
}

export interface PageService {
  readonly service: Service;
  readonly files: readonly ContractFile[];
}

export interface PageOptions {
  readonly mode: PageMode;
  /** Scheme, host and port that callers see, without a path. */
  readonly publicUrl: string;
  readonly services: readonly PageService[];
  /** Smallest document that is compressed, in bytes; 0: none is. */
  readonly compressFromBytes: number;
  readonly gatewayVersion: string;
  /** What others answer below `/page/`, by path; nothing of it is there when the page is off. */
  readonly routes?: ReadonlyMap<string, PageRoute>;
}

export interface Page {
  /** The answer at a path, to any method; undefined when nothing is there. */
  find(path: string): Answer | undefined;
}

const OFF = "artifact-gateway\n";
const TEXT = "text/plain; charset=utf-8";
const READING = ["GET", "HEAD"];
/** Milliseconds for which a page with live sections is as good as new: viewers share it. */
const FRESH_MS = 1000;
/** A year: the path has the hash of all assets in it. */
const FOR_EVER = "public, max-age=31536000, immutable";

export function createPage(options: PageOptions): Page {
  const { mode, compressFromBytes } = options;
  const headers = pageHeaders(mode);
  const published = new Map<string, PageRoute>();
  const publish = (path: string, answer: Answer): void =>
    void published.set(path, { methods: READING, answer });
  if (mode === "off") {
    publish("/", createDocument({ content: OFF, contentType: TEXT, compressFromBytes, headers }));
  } else {
    const assets = readAssets();
    for (const { path, content, contentType } of assets.all) {
      const forEver = { ...headers, "Cache-Control": FOR_EVER };
      publish(path, createDocument({ content, contentType, compressFromBytes, headers: forEver }));
    }
    const frame = { gatewayVersion: options.gatewayVersion, pathOf: assets.pathOf };
    const pages = options.services.map((one) => {
      const page = createServicePage({ ...one, mode, publicUrl: options.publicUrl }, SECTIONS);
      const title = `${one.service.alias} v${one.service.major}`;
      const answer = renewed(() => toDocument({ ...frame, title, ...page.render() }, options));
      publish(pathOfService(one.service), answer);
      return answer;
    });
    const [only, ...others] = pages;
    const list = toDocument({ ...frame, ...renderList(options.services) }, options);
    publish("/", only !== undefined && others.length === 0 ? only : list);
    for (const [path, route] of options.routes ?? []) published.set(path, route);
  }
  return {
    find(path) {
      const route = published.get(path);
      return route === undefined ? undefined : (exchange) => answerRoute(route, exchange, headers);
    },
  };
}

async function answerRoute(
  { methods, answer }: PageRoute,
  exchange: Exchange,
  headers: Reply["headers"],
): Promise<Reply> {
  if (!methods.includes(exchange.method)) {
    const allowed = { ...headers, "Content-Type": TEXT, Allow: methods.join(", ") };
    return { status: 405, headers: allowed, body: `Only ${methods.join(" and ")} are answered here.\n` };
  }
  const reply = await answer(exchange);
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function toDocument(layout: LayoutOptions, { mode, compressFromBytes }: PageOptions): Document {
  const headers = pageHeaders(mode);
  const contentType = "text/html; charset=utf-8";
  return createDocument({ content: renderLayout(layout), contentType, compressFromBytes, headers });
}

/** The document as it was made at most `FRESH_MS` ago; made when somebody asks for it. */
function renewed(make: () => Document): Answer {
  let made: { readonly document: Document; readonly at: number } | undefined;
  return (exchange) => {
    const now = performance.now();
    if (made === undefined || now - made.at >= FRESH_MS) made = { document: make(), at: now };
    return made.document(exchange);
  };
}

function renderList(services: readonly PageService[]): Pick<LayoutOptions, "title" | "header" | "main"> {
  const items = services.map(
    ({ service }) => html`<li><a href="${pathOfService(service)}">${service.alias} v${service.major}</a>
<p>${service.description}</p></li>
`,
  );
  return {
    title: "Services",
    header: html`<h1>Services</h1>`,
    main: html`<ul class="services">${items}</ul>`,
  };
}

function pathOfService({ alias, major }: Service): string {
  return `/services/${alias}/v${major}`;
}
