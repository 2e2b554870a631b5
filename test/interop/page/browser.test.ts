/** The watch on pages, held by pages that do what it looks for: without it every test of the page would be worth nothing. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { after, before, test } from "node:test";
import type { Browser } from "puppeteer-core";
import { z } from "zod";
import { assertAccessible } from "./accessibility.js";
import { DESK, nameOf, openBrowser, openPage, skipWithoutChromium, VIEWS } from "./browser.js";

const skip = skipWithoutChromium();
const GOOD = `<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main>`;
const POLICY = "default-src 'self'";

/** What is served at each path. */
const PAGES: Readonly<Record<string, string>> = {
  "/good": GOOD,
  "/inline-style": `${GOOD}<p style="color: red">x</p>`,
  "/inline-script": `${GOOD}<script>document.title = "x"</script>`,
  "/throws": `${GOOD}<script src="/throws.js"></script>`,
  "/throws.js": "throw new Error('on purpose')",
  "/elsewhere": `${GOOD}<link rel="prefetch" href="http://127.0.0.1:1/x"><img src="http://example.com/x.png" alt="">`,
  "/lacks": `${GOOD}<script src="/not-there.js"></script>`,
  "/fetches": `${GOOD}<script src="/fetches.js"></script>`,
  "/fetches.js": `fetch("/not-there").then(({ status }) => { document.title = String(status); })`,
  "/unlabelled": `${GOOD}<input type="text">`,
  "/wide": `${GOOD}<link rel="stylesheet" href="/wide.css">`,
  "/wide.css": "main { width: 3000px; }",
};

let browser: Browser;
let server: Server;
let base: string;
before(async () => {
  if (skip !== false) return;
  browser = await openBrowser();
  server = createServer(({ url = "" }, response) => {
    const content = PAGES[url];
    const type = url.endsWith(".js") ? "text/javascript" : url.endsWith(".css") ? "text/css" : "text/html";
    response.writeHead(content === undefined ? 404 : 200, {
      "Content-Type": type,
      "Content-Security-Policy": POLICY,
    });
    response.end(content);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  base = `http://127.0.0.1:${address.port}`;
});
after(async () => {
  if (skip !== false) return;
  await browser.close();
  server.close();
});

test("a page that does nothing wrong is clean in every view", { skip }, async () => {
  for (const view of VIEWS) {
    const watched = await openPage(browser, `${base}/good`, view);
    await assertAccessible(watched.page, nameOf(view));
    const shown = await watched.page.evaluate(
      "[innerWidth, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]",
    );
    assert.deepEqual(shown, [view.width / view.zoom, view.zoom, view.scheme === "dark"]);
    await watched.close();
  }
});

const TROUBLES: readonly (readonly [path: string, RegExp])[] = [
  ["/inline-style", /^console: .*Content Security Policy/],
  ["/inline-script", /^console: .*Content Security Policy/],
  ["/throws", /^script: on purpose/],
  ["/elsewhere", /^console: .*Content Security Policy/],
  ["/lacks", /^404: .*not-there\.js$/],
];

for (const [path, expected] of TROUBLES) {
  test(`the watch sees ${path}`, { skip }, async () => {
    const watched = await openPage(browser, base + path);
    const said = watched.troubles.join("\n");
    await assert.rejects(watched.close(), assert.AssertionError);
    assert.match(said, expected);
  });
}

test("a request to another origin is a trouble, whatever the policy", { skip }, async () => {
  const watched = await openPage(browser, `${base}/good`);
  await watched.page.goto(`${base.replace("127.0.0.1", "localhost")}/good`);
  assert.match(watched.troubles.join("\n"), /^asks elsewhere: http:\/\/localhost/);
  await assert.rejects(watched.close(), assert.AssertionError);
});

test("what a fetch is answered is no trouble", { skip }, async () => {
  const watched = await openPage(browser, `${base}/fetches`);
  await watched.page.waitForFunction("document.title === '404'");
  await watched.close();
});

test("what is not accessible, and what scrolls sideways, fails", { skip }, async () => {
  const unlabelled = await openPage(browser, `${base}/unlabelled`);
  await assert.rejects(assertAccessible(unlabelled.page, "unlabelled"), /label: /);
  await unlabelled.close();
  const wide = await openPage(browser, `${base}/wide`, DESK);
  await assert.rejects(assertAccessible(wide.page, "wide"), /scrolls sideways/);
  await wide.close();
});

test("pages share nothing", { skip }, async () => {
  const first = await openPage(browser, `${base}/good`);
  await first.page.evaluate("localStorage.setItem('a', 'b')");
  const second = await openPage(browser, `${base}/good`);
  assert.equal(z.number().parse(await second.page.evaluate("localStorage.length")), 0);
  await first.close();
  await second.close();
});
