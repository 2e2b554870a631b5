/** Chromium for the tests of the page: one browser for a test file, and pages that are watched from their first byte. */
import assert from "node:assert/strict";
import { launch, type Browser, type ConsoleMessage, type HTTPRequest, type Page } from "puppeteer-core";
import { commandOf, readTools, skipWithout } from "../tools.js";

/** For `test(name, { skip })`. */
export function skipWithoutChromium(): string | false {
  return skipWithout(readTools().chromium);
}

/** Starts Chromium without a window; it finds no host but this one. The caller ends it with `browser.close()`. */
export async function openBrowser(): Promise<Browser> {
  return await launch({
    executablePath: commandOf(readTools().chromium),
    args: [
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
      // The sandbox refuses to be started by root, who runs the tests in a container.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}

/** How somebody looks at a page. */
export interface View {
  readonly scheme: "light" | "dark";
  /** Of the window, in CSS pixels without zoom. */
  readonly width: number;
  /** 2: at 200 %. */
  readonly zoom: number;
}

/** A phone, a tablet and a desk, in light and dark; and the desk at 200 %. */
export const VIEWS: readonly View[] = [
  ...[360, 768, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((scheme) => ({ scheme, width, zoom: 1 })),
  ),
  { scheme: "light", width: 1280, zoom: 2 },
];

export const DESK: View = { scheme: "light", width: 1280, zoom: 1 };

export function nameOf({ scheme, width, zoom }: View): string {
  return `${scheme}, ${width} px, ${zoom * 100} %`;
}

export interface WatchedPage {
  readonly page: Page;
  /** What has gone wrong so far, a line each. */
  readonly troubles: readonly string[];
  /** Closes it. @throws AssertionError with everything that went wrong in it */
  readonly close: () => Promise<void>;
}

/** Height of the window in CSS pixels. */
const HEIGHT = 900;

/**
 * Opens an address with no memory of other pages, and waits until it has loaded. These are troubles: errors in the console, those
 * of scripts and of the Content-Security-Policy among them; requests to another origin; documents, scripts, styles and
 * images that are not there. What a `fetch` of the page is answered is its own business.
 */
export async function openPage(browser: Browser, url: string, view: View = DESK): Promise<WatchedPage> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const troubles: string[] = [];
  watch(page, new URL(url).origin, troubles);
  await look(page, view);
  await page.goto(url, { waitUntil: "load" });
  return {
    page,
    troubles,
    async close() {
      await context.close();
      assert.deepEqual(troubles, []);
    },
  };
}

/** Lets an open page be seen in another way. */
export async function look(page: Page, { scheme, width, zoom }: View): Promise<void> {
  await page.setViewport({
    width: Math.floor(width / zoom),
    height: Math.floor(HEIGHT / zoom),
    deviceScaleFactor: zoom,
  });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    // So that a picture of the page, and what axe reads of its colours, is not taken on the way to another.
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
}

function watch(page: Page, origin: string, troubles: string[]): void {
  page.on("console", (message: ConsoleMessage) => {
    if (message.type() === "error" && !isStatusOfFetch(message)) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    troubles.push(`script: ${error instanceof Error ? error.message : String(error)}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) troubles.push(`asks elsewhere: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() < 400 || isFetch(response.request()) || isIcon(response.url())) return;
    troubles.push(`${response.status()}: ${response.url()}`);
  });
}

function isFetch(request: HTTPRequest): boolean {
  return ["fetch", "xhr"].includes(request.resourceType());
}

/** A browser asks for this by itself, of a page that names no icon. */
function isIcon(url: string): boolean {
  return new URL(url).pathname === "/favicon.ico";
}

/** Chromium writes a line for every reply of 400 and above; those that matter are seen as replies. */
function isStatusOfFetch(message: ConsoleMessage): boolean {
  return message.text().startsWith("Failed to load resource: the server responded with a status of");
}
