/** What axe finds wrong with a page as it stands. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "puppeteer-core";
import { z } from "zod";

const FOUND = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** The rules of WCAG 2.2, A and AA, and axe's good practices; `target-size` is one of 2.2 that axe leaves out by default. */
const RUN = `axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })`;

/**
 * Asserts that axe finds nothing, and that the page does not scroll sideways.
 * @param state names what is shown, for the message
 */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  // By the debugger's road: the page's own policy lets no other script in.
  await page.evaluate(axe.source);
  const { violations } = FOUND.parse(await page.evaluate(RUN));
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ""}`),
  );
  assert.deepEqual(lines, [], state);
  assert.equal(await page.evaluate(SIDEWAYS), 0, `${state}: scrolls sideways`);
}

/** CSS pixels by which the page is wider than its window. */
const SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
