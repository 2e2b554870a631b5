/** The clients that read the WSDL while they run: zeep and PHP's SoapClient. */
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import { repository } from "../../support/served-example.js";
import { commandOf, readTools, skipWithout } from "../tools.js";
import { startProgram } from "./client-program.js";
import type { OwnMistake, SoapClient } from "./soap-suite.js";
import { double, EXACT_VIEW, long } from "./tagged-values.js";

/** zeep gives Python's own types. */
export function zeep(version: SoapVersion): SoapClient {
  return {
    name: "zeep",
    version,
    skip: false,
    faults: {
      declared: "Fault",
      other: "Fault",
      rowOf: (row) => long(String(row)),
      unread: [],
      otherVersion: /Unknown fault occured/,
    },
    // lxml has no text in an empty element, and zeep no list.
    view: { ...EXACT_VIEW, emptyText: undefined, emptyList: undefined },
    own: new Map<string, OwnMistake>(
      ["inf", "-inf", "nan"].map((value) => [
        `ratio: ${value}`,
        { reason: "zeep writes Python's word for it, not that of XML Schema", sees: "refused" },
      ]),
    ),
    start: () => Promise.resolve(startProgram(readTools().clientPython, [script("zeep_client.py")])),
  };
}

/** PHP has no decimals, and SoapClient makes text of dates. */
export function php(version: SoapVersion): SoapClient {
  const { php: tool } = readTools();
  return {
    name: "PHP",
    version,
    skip: skipWithout(tool),
    view: { ...EXACT_VIEW, scalar: (tag, text) => (KNOWN_TO_PHP.has(tag) ? { [tag]: text } : text) },
    faults: {
      declared: "SoapFault",
      other: "SoapFault",
      rowOf: String,
      unread: [],
      otherVersion: /"unsupported"/,
    },
    own: new Map<string, OwnMistake>([
      ["ratio: nan", { reason: "PHP writes NAN instead of NaN", sees: "refused" }],
      ["ratio: -0.0", { reason: "PHP reads -0 as a whole number", sees: { ratio: double(0) } }],
    ]),
    start(_, settings = {}) {
      // By itself PHP writes 14 digits of a double.
      const own = ["-d", "precision=17", script("php_client.php")];
      return Promise.resolve(startProgram(commandOf(tool), [...own, version, JSON.stringify(settings)]));
    },
  };
}

const KNOWN_TO_PHP: ReadonlySet<string> = new Set(["$long", "$double"]);

function script(name: string): string {
  return repository(`test/interop/soap/${name}`);
}
