/** How the drawing looks. One constant, so that a page with a strict Content-Security-Policy can allow it by its hash. */

interface Colours {
  readonly paper: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly input: string;
  readonly object: string;
  readonly artifact: string;
  readonly onArtifact: string;
}

/** Text on its ground has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const LIGHT: Colours = {
  paper: "#ffffff",
  ink: "#1b1f24",
  faint: "#59636e",
  line: "#818b98",
  input: "#eef4fb",
  object: "#f6f8fa",
  artifact: "#0b4a8f",
  onArtifact: "#ffffff",
};

const DARK: Colours = {
  paper: "#0d1117",
  ink: "#e6edf3",
  faint: "#9da7b3",
  line: "#768390",
  input: "#12233a",
  object: "#161b22",
  artifact: "#a5cfff",
  onArtifact: "#0d1117",
};

/** Colours are written out in each rule: not every program that draws SVG knows variables. */
function coloured({ paper, ink, faint, line, input, object, artifact, onArtifact }: Colours): string {
  return [
    `.lineage-paper{fill:${paper}}`,
    `.lineage text{fill:${ink}}`,
    `.lineage .lineage-note,.lineage .lineage-unused{fill:${faint}}`,
    `.lineage-box rect{fill:${object};stroke:${line}}`,
    `.lineage-input rect{fill:${input}}`,
    `.lineage-unknown rect{fill:${paper}}`,
    `.lineage-artifact rect{fill:${artifact};stroke:${artifact}}`,
    `.lineage .lineage-artifact text{fill:${onArtifact}}`,
    `.lineage-link,.lineage-rule{stroke:${line}}`,
    `.lineage-tip{fill:${line}}`,
  ].join("");
}

export const LINEAGE_STYLE = [
  ".lineage text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}",
  ".lineage .lineage-name{font-weight:bold}",
  ".lineage-link,.lineage-rule{fill:none;stroke-width:1.2}",
  ".lineage-implied{stroke-dasharray:5 4}",
  ".lineage-unknown rect{stroke-dasharray:4 3}",
  ".lineage .lineage-unused{font-style:italic}",
  coloured(LIGHT),
  `@media (prefers-color-scheme:dark){${coloured(DARK)}}`,
].join("");
