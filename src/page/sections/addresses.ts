/** Where it is called, over which protocol, and the contract files for it. */
import { jsonPath, openapiPath } from "../../contract/json-path.js";
import { SOAP_VERSIONS, soapVersionPath } from "../../contract/soap-names.js";
import { html, type Html } from "../html.js";
import type { Section, ServiceView } from "../section.js";

export const ADDRESSES: Section = { id: "addresses", title: "Where to call it", render: renderAddresses };

function renderAddresses({ service, publicUrl, files }: ServiceView): Html {
  const soap = SOAP_VERSIONS.map((version) => {
    const path = soapVersionPath(service, version);
    return html`<dt>SOAP ${version}</dt>
<dd>POST <code>${publicUrl + path}</code> · <a href="${path}?wsdl">WSDL</a></dd>
`;
  });
  const base = `/contracts/${service.alias}/v${service.major}/`;
  const links = files.map(({ path }) => html`<li><a href="${base + path}">${path}</a></li>`);
  const method = `${service.protoPackage}.${service.name}/${service.operation.name}`;
  return html`<dl>
${soap}<dt>gRPC</dt>
<dd><code>${method}</code>, with server reflection and health</dd>
<dt>JSON</dt>
<dd>POST <code>${publicUrl + jsonPath(service)}</code> · <a href="${openapiPath(service)}">OpenAPI</a></dd>
<dt>Contract files</dt>
<dd><ul>${links}</ul></dd>
</dl>`;
}
