import assert from "node:assert/strict";
import { test } from "node:test";
import { XmlDocument, XmlElement } from "libxml2-wasm";
import { SOAP_VERSIONS } from "../../src/contract/soap-names.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import type { PublicPolicy, PublicSecurity } from "../../src/wsdl/policy.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";

const NAMESPACES = {
  w: "http://schemas.xmlsoap.org/wsdl/",
  p: "http://www.w3.org/ns/ws-policy",
  m: "http://www.w3.org/2007/05/addressing/metadata",
  u: "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
  s: "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
  s13: "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200802",
};
const HTTPS = "https://decisions.example.com/soap/sample_decision/v1";

function wsdlOf(policy: PublicPolicy, address = HTTPS): string {
  return generateWsdl(sampleService(), address, "1.1", policy);
}

function secured(security: Partial<PublicSecurity>, address = HTTPS): string {
  const whole = { timestamp: "optional", anonymous: true, ...security } as const;
  return wsdlOf({ addressing: "optional", security: whole }, address);
}

/** Names of the elements that a path finds. */
function names(wsdl: string, path: string): string[] {
  const document = XmlDocument.fromString(wsdl);
  try {
    return document
      .find(path, NAMESPACES)
      .filter((node) => node instanceof XmlElement)
      .map(({ name }) => name);
  } finally {
    document.dispose();
  }
}

/** Names of the assertions of the only alternative, those that may be left out with a question mark. */
function assertions(wsdl: string): string[] {
  const all = "/w:definitions/p:Policy/p:ExactlyOne/p:All";
  const optional = names(wsdl, `${all}/*[@p:Optional='true']`);
  return names(wsdl, `${all}/*`).map((name) => (optional.includes(name) ? `${name}?` : name));
}

test("the variant is the plain WSDL with a policy on its binding and an action on each message", () => {
  for (const version of SOAP_VERSIONS) {
    for (const service of [sampleService(), singleService()]) {
      const plain = generateWsdl(service, HTTPS, version);
      const variant = generateWsdl(service, HTTPS, version, { addressing: "optional" });
      const stripped = variant
        .replace(/ xmlns:(?:wsp|wsam|wsu|sp|sp13)="[^"]*"/g, "")
        .replace(/ *<wsp:Policy wsu:Id[^]*?\n {2}<\/wsp:Policy>\n/, "")
        .replace(/ *<wsp:PolicyReference [^>]*\/>\n/, "")
        .replace(/ wsam:Action="[^"]*"/g, "");
      assert.notEqual(variant, plain);
      assert.equal(stripped, plain);
      assert.ok(!/polic|addressing/i.test(plain));
    }
  }
});

test("the reference of the binding is to the policy", () => {
  const wsdl = wsdlOf({ addressing: "optional" });
  const id = /<wsp:Policy wsu:Id="([^"]*)"/.exec(wsdl)?.[1] ?? "none";
  assert.deepEqual(names(wsdl, `/w:definitions/w:binding/p:PolicyReference[@URI='#${id}']`), [
    "PolicyReference",
  ]);
});

test("the actions are those that requests need and replies have", () => {
  const wsdl = wsdlOf({ addressing: "optional" });
  const said = [...wsdl.matchAll(/ wsam:Action="([^"]*)"/g)].map(([, action]) => action);
  const namespace = "urn:artifact-gateway:sample_decision:v1";
  assert.deepEqual(said, [
    `${namespace}:Evaluate`,
    `${namespace}:SampleDecisionPortType:EvaluateResponse`,
    `${namespace}:SampleDecisionPortType:Evaluate:Fault:EvaluateFault`,
  ]);
});

test("a namespace that is no URN is parted from the names by one slash", () => {
  for (const namespace of ["http://bank.example/models", "http://bank.example/models/"]) {
    const wsdl = generateWsdl({ ...sampleService(), namespace }, HTTPS, "1.1", { addressing: "optional" });
    const action = "http://bank.example/models/SampleDecisionPortType/EvaluateResponse";
    assert.ok(wsdl.includes(` wsam:Action="${action}"`), wsdl);
  }
});

test("without a security policy only addressing is said, and that replies are anonymous", () => {
  assert.deepEqual(assertions(wsdlOf({ addressing: "optional" })), ["Addressing?"]);
  const required = wsdlOf({ addressing: "required" });
  assert.deepEqual(assertions(required), ["Addressing"]);
  assert.deepEqual(names(required, "//m:Addressing/p:Policy/*"), ["AnonymousResponses"]);
});

test("what is required is asserted, and what is optional may be left out", () => {
  const usernameToken = { use: "required", passwordTypes: ["digest"] } as const;
  const signature = { use: "optional", signedParts: new Set(["body"] as const) } as const;
  assert.deepEqual(assertions(secured({ usernameToken, signature })), [
    "Addressing?",
    "TransportBinding",
    "SignedSupportingTokens",
    "EndorsingSupportingTokens?",
  ]);
  const nothing = secured({ usernameToken: { ...usernameToken, use: "optional" } });
  assert.deepEqual(assertions(nothing), ["Addressing?", "TransportBinding?", "SignedSupportingTokens?"]);
  assert.deepEqual(assertions(secured({ timestamp: "required" })), ["Addressing?", "TransportBinding"]);
});

test("where one of two tokens has to be there, they are alternatives", () => {
  const usernameToken = { use: "optional", passwordTypes: ["digest"] } as const;
  const signature = { use: "optional", signedParts: new Set(["body"] as const) } as const;
  const wsdl = secured({ usernameToken, signature, anonymous: false });
  assert.deepEqual(assertions(wsdl), ["Addressing?", "TransportBinding", "ExactlyOne"]);
  assert.deepEqual(names(wsdl, "//p:All/p:ExactlyOne/p:All/*"), [
    "SignedSupportingTokens",
    "EndorsingSupportingTokens",
  ]);
});

test("HTTPS is asserted where the public address has it, and tokens stand alone where it has not", () => {
  const usernameToken = { use: "required", passwordTypes: ["text"] } as const;
  const wsdl = secured({ usernameToken }, HTTPS.replace("https:", "http:"));
  assert.deepEqual(assertions(wsdl), ["Addressing?", "SupportingTokens"]);
  assert.deepEqual(names(wsdl, "//s:HttpsToken | //s:IncludeTimestamp"), []);
  const binding = "//s:TransportBinding/p:Policy";
  const https = secured({ usernameToken });
  assert.deepEqual(names(https, `${binding}/*`), [
    "TransportToken",
    "AlgorithmSuite",
    "Layout",
    "IncludeTimestamp",
  ]);
  assert.deepEqual(names(https, `${binding}/s:TransportToken/p:Policy/*`), ["HttpsToken"]);
});

test("a password is asked for as a digest where that is taken, else dated and single", () => {
  const token = (passwordTypes: readonly ("digest" | "text")[]): string[] =>
    names(secured({ usernameToken: { use: "required", passwordTypes } }), "//s:UsernameToken/p:Policy/*");
  assert.deepEqual(token(["digest"]), ["WssUsernameToken11", "HashPassword"]);
  assert.deepEqual(token(["text", "digest"]), ["WssUsernameToken11", "HashPassword"]);
  assert.deepEqual(token(["text"]), ["WssUsernameToken11", "Created", "Nonce"]);
});

test("the parts that must be signed are listed with the certificate", () => {
  const parts = new Set(["body", "timestamp", "usernameToken", "addressing"] as const);
  const wsdl = secured({ signature: { use: "required", signedParts: parts } });
  const endorsing = "//s:EndorsingSupportingTokens/p:Policy";
  assert.deepEqual(names(wsdl, `${endorsing}/*`), ["X509Token", "SignedParts", "SignedElements"]);
  assert.deepEqual(names(wsdl, `${endorsing}/s:SignedParts/*`), ["Body", "Header"]);
  const fewest = secured({ signature: { use: "required", signedParts: new Set(["timestamp"]) } });
  assert.deepEqual(names(fewest, `${endorsing}/*`), ["X509Token"]);
});
