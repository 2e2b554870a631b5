/** Attacks on the envelope and the dispatch. */
import { NAMESPACE } from "../soap-harness.js";
import { payload, type Attack, type Dialect, type Outcome } from "./attack.js";
import { CONTRACT_ATTACKS } from "./contract-attacks.js";

/** A request that says by its own version's means what it asks for. */
function naming(action: string): Attack["request"] {
  return ({ version, mediaType, envelope }) => ({
    body: envelope(payload()),
    headers:
      version === "1.1"
        ? { SOAPAction: action }
        : { "Content-Type": `${mediaType}; action=${action === "" ? '""' : action}` },
  });
}

function withHeader(attributes: (soap: Dialect) => string): Attack["request"] {
  return (soap) =>
    soap.envelope(payload(), `<s:Header><h:x xmlns:h="urn:h" ${attributes(soap)}/></s:Header>`);
}

const actions: readonly Attack[] = (
  [
    ["of another operation", `"${NAMESPACE}:Purge"`, "invalid_input"],
    ["suffix alone", '"Evaluate"', "invalid_input"],
    ["with a longer path", `"${NAMESPACE}:Evaluate/Purge"`, "invalid_input"],
    ["in capitals", `"${NAMESPACE}:Evaluate"`.toUpperCase(), "invalid_input"],
    ["with a space inside", `" ${NAMESPACE}:Evaluate"`, "invalid_input"],
    ["named twice", `"${NAMESPACE}:Evaluate", "${NAMESPACE}:Purge"`, "invalid_input"],
    ["without quotes", `${NAMESPACE}:Evaluate`, "answered"],
    ["empty", '""', "answered"],
    ["missing", "", "answered"],
  ] as const satisfies readonly (readonly [string, string, Outcome])[]
).map(([name, action, becomes]): Attack => ({ name: `action ${name}`, request: naming(action), becomes }));

const envelopes: readonly Attack[] = [
  { name: "no envelope", request: () => payload(), becomes: "invalid_input" },
  {
    name: "envelope of another namespace",
    request: ({ changed, namespace }) => changed(namespace, "urn:soap"),
    becomes: "VersionMismatch",
  },
  {
    name: "envelope without a namespace",
    request: () => "<Envelope><Body/></Envelope>",
    becomes: "VersionMismatch",
  },
  {
    name: "envelope of the other version",
    request: ({ changed, version, namespace }) =>
      changed(
        namespace,
        version === "1.1"
          ? "http://www.w3.org/2003/05/soap-envelope"
          : "http://schemas.xmlsoap.org/soap/envelope/",
      ),
    becomes: "VersionMismatch",
  },
  {
    name: "no Body",
    request: ({ namespace }) => `<s:Envelope xmlns:s="${namespace}"/>`,
    becomes: "invalid_input",
  },
  { name: "empty Body", request: ({ envelope }) => envelope(""), becomes: "invalid_input" },
  {
    name: "two Body children",
    request: ({ envelope }) => envelope(payload() + payload()),
    becomes: "invalid_input",
  },
  {
    name: "two Bodies",
    request: ({ changed }) => changed("</s:Body>", "</s:Body><s:Body/>"),
    becomes: "invalid_input",
  },
  {
    name: "text in the Body",
    request: ({ envelope }) => envelope(`x${payload()}`),
    becomes: "invalid_input",
  },
  {
    name: "Fault as request",
    request: ({ envelope }) => envelope("<s:Fault><faultcode>s:Client</faultcode></s:Fault>"),
    becomes: "not_found",
  },
  {
    name: "Header after Body",
    request: ({ changed }) => changed("</s:Body>", "</s:Body><s:Header/>"),
    becomes: "invalid_input",
  },
  {
    name: "element after Body",
    request: ({ changed }) => changed("</s:Body>", '</s:Body><x xmlns="urn:x"/>'),
    becomes: "invalid_input",
  },
  {
    name: "payload in the Header",
    request: ({ envelope }) => envelope("", `<s:Header>${payload()}</s:Header>`),
    becomes: "invalid_input",
  },
  {
    name: "payload of another namespace",
    request: ({ changed }) => changed(NAMESPACE, NAMESPACE.replace("v1", "v2")),
    becomes: "not_found",
  },
  {
    name: "payload without a namespace",
    request: ({ envelope }) => envelope("<Evaluate/>"),
    becomes: "not_found",
  },
  {
    name: "unknown operation",
    request: ({ envelope }) => envelope(`<Purge xmlns="${NAMESPACE}"/>`),
    becomes: "not_found",
  },
  {
    name: "operation in other capitals",
    request: ({ envelope }) => envelope(`<evaluate xmlns="${NAMESPACE}"/>`),
    becomes: "not_found",
  },
  {
    name: "encodingStyle on the Body",
    request: ({ changed }) =>
      changed("<s:Body", '<s:Body s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'),
    becomes: "invalid_input",
  },
  {
    name: "encodingStyle in the payload",
    request: ({ changed }) => changed("<row>", '<row s:encodingStyle="">'),
    becomes: "invalid_input",
  },
  {
    name: "attribute of the envelope on the Body",
    request: ({ changed }) => changed("<s:Body", '<s:Body s:mustUnderstand="1"'),
    becomes: "invalid_input",
  },
];

const headers: readonly Attack[] = [
  {
    name: "mustUnderstand that is not",
    request: withHeader(() => 's:mustUnderstand="1"'),
    becomes: "MustUnderstand",
  },
  {
    name: "mustUnderstand for the next",
    request: withHeader(({ role, next }) => `s:mustUnderstand="1" s:${role}="${next}"`),
    becomes: "MustUnderstand",
  },
  {
    name: "mustUnderstand for nobody named",
    request: withHeader(({ role }) => `s:mustUnderstand="1" s:${role}=""`),
    becomes: "MustUnderstand",
  },
  {
    name: "mustUnderstand for somebody else",
    request: withHeader(({ role }) => `s:mustUnderstand="1" s:${role}="urn:other"`),
    becomes: "answered",
  },
  {
    name: "mustUnderstand of another namespace",
    request: withHeader(() => 'mustUnderstand="1"'),
    becomes: "answered",
  },
  {
    name: "mustUnderstand as a word",
    request: withHeader(() => 's:mustUnderstand="true"'),
    becomes: { "1.1": "invalid_input", "1.2": "MustUnderstand" },
  },
  {
    name: "mustUnderstand as nonsense",
    request: withHeader(() => 's:mustUnderstand="yes"'),
    becomes: "invalid_input",
  },
  {
    name: "mustUnderstand before a wrong body",
    request: ({ envelope }) =>
      envelope("<x/>", '<s:Header><h:x xmlns:h="urn:h" s:mustUnderstand="1"/></s:Header>'),
    becomes: "MustUnderstand",
  },
  {
    name: "ten thousand header blocks",
    request: ({ envelope }) =>
      envelope(payload(), `<s:Header>${'<h:x xmlns:h="urn:h"/>'.repeat(10_000)}</s:Header>`),
    becomes: "too_large",
  },
];

export const SOAP_ATTACKS: readonly Attack[] = [...actions, ...envelopes, ...headers, ...CONTRACT_ATTACKS];
