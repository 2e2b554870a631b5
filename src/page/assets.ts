/** Style sheets, browser modules and the icon of the page, from the package itself. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

export interface Asset {
  /** `/page/{hash}/main.js`: another one when anything changed, so that browsers may keep it for ever. */
  readonly path: string;
  readonly content: string;
  readonly contentType: string;
}

export interface Assets {
  readonly all: readonly Asset[];
  /** The path of one of them. @throws Error when there is none of that name: a defect */
  readonly pathOf: (name: string) => string;
}

/** Every `*.css` of `style/` is in it: `base.css` first, the others by name. Modules import each other by relative names. */
export function readAssets(): Assets {
  const contents = [
    { name: "style.css", contentType: "text/css; charset=utf-8", content: styleSheet() },
    { name: "icon.svg", contentType: "image/svg+xml", content: read("style/icon.svg") },
    ...namesIn("browser", ".js").map((name) => ({
      name,
      contentType: "text/javascript; charset=utf-8",
      content: read(`browser/${name}`),
    })),
  ];
  const hash = createHash("sha256");
  for (const { name, content } of contents) hash.update(`${name}\0${content}\0`);
  const folder = `/page/${hash.digest("hex").slice(0, 16)}/`;
  const all = contents.map(({ name, ...rest }) => ({ path: folder + name, ...rest }));
  return {
    all,
    pathOf(name) {
      const found = all.find(({ path }) => path === folder + name);
      if (found === undefined) throw new Error(`the page has no ${name}`);
      return found.path;
    },
  };
}

const FIRST_STYLE = "base.css";

function styleSheet(): string {
  const names = namesIn("style", ".css").filter((name) => name !== FIRST_STYLE);
  return [FIRST_STYLE, ...names].map((name) => read(`style/${name}`)).join("\n");
}

function namesIn(folder: string, extension: string): readonly string[] {
  const names = readdirSync(new URL(`${folder}/`, import.meta.url));
  return names.filter((name) => name.endsWith(extension)).sort();
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
