/**
 * One call of the sample service as the toolkits of callers write it. The first three were recorded from the clients of
 * the interop tests; the others are written after what their toolkits are documented to send.
 */
import { NAMESPACE } from "./soap-harness.js";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const XSD = "http://www.w3.org/2001/XMLSchema";

interface Spelling {
  /** Prefix of the payload with its colon. */
  readonly prefix: string;
  /** What makes an element nil. */
  readonly nil: string;
  /** Behind each tag of the payload: layout. */
  readonly layout?: string;
}

/** The content of the operation's element. */
function content({ prefix, nil, layout = "" }: Spelling): string {
  const leaf = (name: string, text: string): string =>
    `<${prefix}${name}>${text}</${prefix}${name}>${layout}`;
  const parent = (name: string, ...children: string[]): string =>
    `<${prefix}${name}>${layout}${children.join("")}</${prefix}${name}>${layout}`;
  return [
    layout,
    parent(
      "application",
      parent(
        "row",
        leaf("applicationId", "A &lt;1&gt; &amp; \u00e9"),
        leaf("annualIncome", "50000.5"),
        leaf("dependants", "2"),
        leaf("requestedAmount", "10.00"),
        leaf("isEmployed", "true"),
        leaf("birthDate", "1984-02-29"),
        leaf("submittedAt", "2024-01-01T00:00:00Z"),
        parent("lateMonths", leaf("item", "1"), leaf("item", "2")),
        parent("tags", parent("entry", leaf("key", "a"), leaf("value", "1"))),
        parent("address", leaf("city", "")),
      ),
    ),
    parent("parameters", `<${prefix}strategy${nil}${layout}`),
  ].join("");
}

/** The request by the name of the client. */
export const CLIENT_REQUESTS: Readonly<Record<string, string>> = {
  "node-soap":
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${SOAP}" xmlns:xsi="${XSI}"  xmlns:tns="${NAMESPACE}">` +
    `<soap:Body><Evaluate xmlns="${NAMESPACE}">` +
    content({ prefix: "", nil: ' xsi:nil="true"></strategy>' }) +
    "</Evaluate></soap:Body></soap:Envelope>",
  "PHP SoapClient":
    `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}" xmlns:ns1="${NAMESPACE}" xmlns:xsi="${XSI}">` +
    "<SOAP-ENV:Body><ns1:Evaluate>" +
    content({ prefix: "ns1:", nil: ' xsi:nil="true"/>' }) +
    "</ns1:Evaluate></SOAP-ENV:Body></SOAP-ENV:Envelope>\n",
  zeep:
    `<?xml version='1.0' encoding='utf-8'?>\n<soap-env:Envelope xmlns:soap-env="${SOAP}"><soap-env:Body>` +
    `<ns0:Evaluate xmlns:ns0="${NAMESPACE}">` +
    content({ prefix: "ns0:", nil: ` xmlns:xsi="${XSI}" xsi:nil="true"/>` }) +
    "</ns0:Evaluate></soap-env:Body></soap-env:Envelope>",
  CXF:
    `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body><ns2:Evaluate xmlns:ns2="${NAMESPACE}">` +
    content({ prefix: "ns2:", nil: ` xmlns:xsi="${XSI}" xsi:nil="true"/>` }) +
    "</ns2:Evaluate></soap:Body></soap:Envelope>",
  "Axis 1 and 2":
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}">` +
    `<soapenv:Body><Evaluate xmlns="${NAMESPACE}">` +
    content({ prefix: "", nil: ' xsi:nil="true"/>' }) +
    "</Evaluate></soapenv:Body></soapenv:Envelope>",
  SoapUI:
    `<soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:urn="${NAMESPACE}" xmlns:xsi="${XSI}">\r\n   <soapenv:Header/>\r\n   <soapenv:Body>\r\n` +
    "      <urn:Evaluate>" +
    content({ prefix: "urn:", nil: ' xsi:nil="true"/>', layout: "\r\n         " }) +
    "</urn:Evaluate>\r\n   </soapenv:Body>\r\n</soapenv:Envelope>",
  ".NET":
    `<s:Envelope xmlns:s="${SOAP}"><s:Body xmlns:xsi="${XSI}" xmlns:xsd="${XSD}"><Evaluate xmlns="${NAMESPACE}">` +
    content({ prefix: "", nil: ' xsi:nil="true" />' }) +
    "</Evaluate></s:Body></s:Envelope>",
  ".NET, asmx":
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${SOAP}" xmlns:xsi="${XSI}" xmlns:xsd="${XSD}">` +
    `<soap:Body><Evaluate xmlns="${NAMESPACE}">` +
    content({ prefix: "", nil: ' xsi:nil="true" />' }) +
    "</Evaluate></soap:Body></soap:Envelope>",
  gSOAP:
    `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="${XSI}" xmlns:xsd="${XSD}" xmlns:ns1="${NAMESPACE}">` +
    "<SOAP-ENV:Body><ns1:Evaluate>" +
    content({ prefix: "ns1:", nil: ' xsi:nil="true"/>' }) +
    "</ns1:Evaluate></SOAP-ENV:Body></SOAP-ENV:Envelope>",
  "SAP ABAP":
    `<soap-env:Envelope xmlns:soap-env="${SOAP}"><soap-env:Header/><soap-env:Body><n0:Evaluate xmlns:n0="${NAMESPACE}" xmlns:prx="urn:sap.com:proxy:ABC:/1SAI/TAS0123456789:750">` +
    content({ prefix: "n0:", nil: ` xmlns:xsi="${XSI}" xsi:nil="true"/>` }) +
    "</n0:Evaluate></soap-env:Body></soap-env:Envelope>",
  "CICS and COBOL":
    `<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"><SOAP-ENV:Body><Evaluate xmlns="${NAMESPACE}">` +
    content({ prefix: "", nil: ' xsi:nil="true"></strategy>' }) +
    "</Evaluate></SOAP-ENV:Body></SOAP-ENV:Envelope>",
};
