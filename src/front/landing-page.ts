/** The page at `/`: what is served and where, for people; for load balancers, the 200 they look for. */
import { jsonPath, openapiPath } from "../contract/json-path.js";
import { SOAP_VERSIONS, soapVersionPath } from "../contract/soap-names.js";
import { HOW_TO_DECLARE } from "../contract/undeclared-result.js";
import type { Mounted } from "./mounted.js";

export function renderLandingPage(mounted: readonly Mounted[], publicUrl: string): string {
  const sections = mounted.map(({ service, files }) => {
    const base = `/contracts/${service.alias}/v${service.major}/`;
    const links = files.map(({ path }) => `<li>${link(base + path, path)}</li>`).join("");
    const soap = SOAP_VERSIONS.map((version) => {
      const path = soapVersionPath(service, version);
      return `<dt>SOAP ${version}</dt><dd>POST <code>${escape(publicUrl + path)}</code> · ${link(`${path}?wsdl`, "WSDL")}</dd>`;
    });
    const method = `${service.protoPackage}.${service.name}/${service.operation.name}`;
    return `<section>
<h2>${escape(service.alias)} v${service.major}</h2>
<p>${escape(service.description)}</p>${service.resultOrigin === "undeclared" ? `\n<p>${escape(HOW_TO_DECLARE)}</p>` : ""}
<dl>
${soap.join("\n")}
<dt>gRPC</dt><dd><code>${escape(method)}</code>, with server reflection and health</dd>
<dt>JSON</dt><dd>POST <code>${escape(publicUrl + jsonPath(service))}</code> · ${link(openapiPath(service), "OpenAPI")}</dd>
<dt>Contract files</dt><dd><ul>${links}</ul></dd>
</dl>
</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>artifact-gateway</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}dt{font-weight:600}ul{padding-left:1.2rem;margin:0}</style>
</head>
<body>
<h1>artifact-gateway</h1>
${sections.join("\n")}
</body>
</html>
`;
}

function link(href: string, text: string): string {
  return `<a href="${escape(href)}">${escape(text)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
