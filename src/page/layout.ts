/** What is around the content of every page: head, skip link, landmarks. */
import { html, markupOf, type Html } from "./html.js";

export interface LayoutOptions {
  /** Of the window; the name of the product is added. */
  readonly title: string;
  readonly header: Html;
  /** Links to the sections; undefined where there are none. */
  readonly contents?: Html | undefined;
  readonly main: Html;
  readonly gatewayVersion: string;
  /** Where an asset of a name is. */
  readonly pathOf: (name: string) => string;
}

export function renderLayout(options: LayoutOptions): string {
  const { title, header, contents, main, gatewayVersion, pathOf } = options;
  const document = html`<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>${title} · artifact-gateway</title>
<link rel="icon" type="image/svg+xml" href="${pathOf("icon.svg")}"/>
<link rel="stylesheet" href="${pathOf("style.css")}"/>
<script type="module" src="${pathOf("main.js")}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="masthead">${header}</header>
${contents}
<main id="content" tabindex="-1">
${main}
</main>
<footer class="foot">artifact-gateway ${gatewayVersion}</footer>
</body>
</html>
`;
  return `<!DOCTYPE html>\n${markupOf(document)}`;
}
