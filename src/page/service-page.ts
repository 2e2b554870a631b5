/** The page of one service: its sections under their headings, and links to them. */
import { html, type Html } from "./html.js";
import type { Section, ServiceView } from "./section.js";

interface Rendered extends Section {
  readonly content: Html;
}

export interface ServicePage {
  /** @returns header, links to the sections, and the sections, as of now */
  render(): { readonly header: Html; readonly contents: Html; readonly main: Html };
}

/** What does not change is rendered once, here; sections that are live each time. */
export function createServicePage(view: ServiceView, sections: readonly Section[]): ServicePage {
  const { service } = view;
  const fixed = new Map(
    sections.filter(({ isLive }) => isLive !== true).map((section) => [section, section.render(view)]),
  );
  const header = html`<h1>${service.alias} <span class="major">v${service.major}</span></h1>
<p>${service.description}</p>`;
  return {
    render() {
      const shown = sections.flatMap((section): readonly Rendered[] => {
        const content = section.isLive === true ? section.render(view) : fixed.get(section);
        return content === undefined ? [] : [{ ...section, content }];
      });
      const links = shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
      return {
        header,
        contents: html`<nav class="contents" aria-label="On this page"><ul>${links}</ul></nav>`,
        main: html`${shown.map(renderSection)}`,
      };
    },
  };
}

function renderSection({ id, title, content }: Rendered): Html {
  return html`<section aria-labelledby="${id}" class="section-${id}">
<h2 id="${id}"><a href="#${id}">${title}</a></h2>
${content}
</section>
`;
}
