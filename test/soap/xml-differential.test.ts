/** Our reader of XML against two others, document by document: the same verdict and the same tree. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { documents, spoiledDocuments } from "./xml-arbitrary.js";
import { readWithLibxml2, readWithSaxes, treeOf, type Oracle, type Tree } from "./xml-oracles.js";

const ORACLES: readonly (readonly [name: string, oracle: Oracle])[] = [
  ["libxml2", readWithLibxml2],
  ["saxes", readWithSaxes],
];

function read(text: string): Tree | undefined {
  try {
    return treeOf(readXml(text, DEFAULT_LIMITS));
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    assert.equal(error.code, "invalid_input");
    return undefined;
  }
}

/** How often both read a document, and how often both refused it. */
function compare(
  oracle: Oracle,
  texts: fc.Arbitrary<string>,
  seed: number,
  numRuns: number,
): [number, number] {
  let right = 0;
  let wrong = 0;
  const property = fc.property(texts, (text) => {
    const expected = oracle(text);
    if (expected === "no opinion") return;
    assert.deepEqual(read(text), expected, JSON.stringify(text));
    if (expected === undefined) wrong += 1;
    else right += 1;
  });
  fc.assert(property, { seed, numRuns });
  return [right, wrong];
}

for (const [name, oracle] of ORACLES) {
  test(`a document is to ${name} what it is to us`, () => {
    const runs = 3000;
    const [right] = compare(oracle, documents, 41, runs);
    assert.ok(right > runs / 2, `only ${right} of ${runs} documents were right`);
  });

  test(`a document with a change somewhere is refused by ${name} exactly when it is by us`, () => {
    const runs = 6000;
    const [right, wrong] = compare(oracle, spoiledDocuments, 42, runs);
    assert.ok(right > runs / 20 && wrong > runs / 2, `${right} were right, ${wrong} were wrong`);
  });
}

test("every character of the basic plane may begin, be in, or not be in a name, as it may to saxes", () => {
  const beyond = [0x10000, 0x1d11e, 0xeffff, 0xf0000, 0x10ffff];
  const codes = [...each(0, 0xd800), ...each(0xe000, 0x10000), ...beyond];
  for (const code of codes) {
    const character = String.fromCodePoint(code);
    for (const text of [`<${character}/>`, `<a${character}/>`, `<a b${character}=""/>`]) {
      assert.equal(read(text) === undefined, readWithSaxes(text) === undefined, `U+${code.toString(16)}`);
    }
  }
});

function each(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
