/** Random payloads of a service, valid for the most part, and one change that may spoil them. */
import fc from "fast-check";
import type { FieldType, Message } from "../../src/contract/model.js";
import { escapeText, isXmlText } from "../../src/xml-printer.js";

export interface Node {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly text: string;
  readonly children: readonly Node[];
}

export const SCALAR_KINDS = [
  "string",
  "boolean",
  "double",
  "integer",
  "decimal",
  "datetime",
  "date",
] as const;
export type ScalarKind = (typeof SCALAR_KINDS)[number];

/** Written forms on both sides of every border; whether each one is right is for the two readers to agree on. */
export const FORMS: Record<ScalarKind, readonly string[]> = {
  string: ["", " a  b ", "naïve <&> 𝄞", "]]>", "\n\t", "x".repeat(300)],
  boolean: [
    "true",
    "false",
    "1",
    "0",
    " true ",
    "\ttrue\n",
    "\u00a0true",
    "true\u0085",
    "TRUE",
    "yes",
    "",
    "01",
  ],
  double: [
    "1",
    "-0",
    "1.5e3",
    ".5",
    "5.",
    "+1",
    "INF",
    "-INF",
    "NaN",
    " 7 ",
    "inf",
    "0x10",
    "",
    "1,5",
    "1 2",
    "--1",
    ".",
    "-.5E-3",
    "+INF",
    "4.9e-324",
    "1.7976931348623157e308",
    "0.1000000000000000055511151231257827",
    "-0.0",
    "e1",
    "NAN",
    "\u2007 1",
  ],
  integer: [
    "0",
    "-1",
    "+5",
    "007",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "-9223372036854775809",
    "1.0",
    "",
    " 12\n",
    "1 2",
    "1e3",
    "٣",
    "-0",
    "+",
    "-",
    "00000000000000000000000000000009",
    "-09223372036854775808",
    "\t7\r\n",
    "7\u00a0",
  ],
  decimal: [
    "1",
    "1.50",
    "-0.00",
    "123456789.12",
    "1234567890.12",
    "1.005",
    "1.100",
    "+.5",
    "5.",
    "1e2",
    "",
    ".",
    " 2 ",
    "000000000001.10",
  ],
  datetime: [
    "2024-02-29T23:59:59",
    "2023-02-29T00:00:00",
    "2024-01-01T24:00:00",
    "2024-01-01T24:00:01",
    "2024-01-01T00:00:60",
    "2024-01-01T00:00:00Z",
    "2024-01-01T00:00:00+14:00",
    "2024-01-01T00:00:00-14:01",
    "2024-01-01T00:00:00.123456",
    "2024-01-01T00:00:00.1234560",
    "2024-01-01T00:00:00.1234567",
    "2024-01-01 00:00:00",
    "0000-01-01T00:00:00",
    "-0001-01-01T00:00:00",
    "12024-01-01T00:00:00",
    "2024-01-01",
    " 2024-01-01T00:00:00 ",
    "",
    "2024-01-01T00:00:00.",
    "2024-13-01T00:00:00",
    "2024-01-01T1:00:00",
    "2024-01-01T00:00:00z",
    "2024-01-01T00:00:00+5:00",
  ],
  date: [
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "0001-01-01",
    "9999-12-31",
    "0000-01-01",
    "2024-04-31",
    "2024-1-1",
    "2024-01-01Z",
    "2024-01-01+01:00",
    "-2024-01-01",
    "12024-01-01",
    "",
    " 2024-01-01 ",
    "2024-01-01T00:00:00",
  ],
};

const ATTRIBUTES = [
  'xsi:nil="true"',
  'xsi:nil="false"',
  'xsi:nil=" 1 "',
  'xsi:nil="yes"',
  'xsi:schemaLocation="urn:a urn:b"',
  'id="x"',
  'href="#x"',
  'xml:lang="en"',
  'xsi:other="1"',
  '__proto__="1"',
];

/** The content of the wrapper element of a request. */
export function payloadArbitrary(request: Message): fc.Arbitrary<Node> {
  return messageContent("Evaluate", request);
}

/**
 * The same tree with one or two elements at the border of what their types allow: any form of any type as the value of
 * a leaf, nil, empty, absent, or a list with exactly one item.
 */
export function edged(root: Node): fc.Arbitrary<Node> {
  const count = countNodes(root);
  const edge = fc.record({ at: fc.nat(count - 1), change: edgeArbitrary });
  return fc.array(edge, { minLength: 1, maxLength: 2 }).map((edges) =>
    // From behind, so that what one of them takes away is not where the next one is.
    edges
      .sort((one, other) => other.at - one.at)
      .reduce((tree, { at, change }) => rewrite(tree, { left: at }, change), root),
  );
}

/** The same tree with one element or attribute changed somewhere. */
export function changed(root: Node): fc.Arbitrary<Node> {
  const count = countNodes(root);
  return fc
    .record({ at: fc.nat(count - 1), change: changeArbitrary })
    .map(({ at, change }) => rewrite(root, { left: at }, change));
}

export function printNode(node: Node): string {
  const attributes = node.attributes.map((attribute) => ` ${attribute}`).join("");
  const content = node.children.map(printNode).join("") + escapeText(node.text);
  return `<${node.name}${attributes}>${content}</${node.name}>`;
}

type Change = (node: Node) => Node;

const changeArbitrary: fc.Arbitrary<Change> = fc.oneof(
  fc
    .constantFrom(...ATTRIBUTES)
    .map((attribute): Change => (node) => ({ ...node, attributes: [...node.attributes, attribute] })),
  fc
    .constantFrom("x", " ", "\u00a0", "\n")
    .map((text): Change => (node) => ({ ...node, text: node.text + text })),
  fc.nat(20).map((index): Change => (node) => ({
    ...node,
    children: node.children.filter((_, at) => at !== index % (node.children.length || 1)),
  })),
  fc.nat(20).map((index): Change => (node) => {
    const twice = node.children[index % (node.children.length || 1)];
    return twice === undefined ? node : { ...node, children: [...node.children, twice] };
  }),
  fc.constant<Change>((node) => ({ ...node, children: [...node.children].reverse() })),
  fc
    .constantFrom("other", "__proto__", "constructor", "o:row", "item", "entry", "key")
    .map((name): Change => (node) => ({ ...node, name })),
  fc.constant<Change>((node) => ({ ...node, name: `o:${node.name}` })),
  fc.constant<Change>((node) => ({ ...node, children: [], text: "" })),
  fc.constantFrom("extra", "__proto__", "application").map((name): Change => (node) => ({
    ...node,
    children: [...node.children, { name, attributes: [], text: "", children: [] }],
  })),
);

const ALL_FORMS = [...new Set(Object.values(FORMS).flat())];

const edgeArbitrary: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...ALL_FORMS).map(
      (text): Change =>
        (node) =>
          node.children.length > 0 ? node : { ...node, text },
    ),
  },
  fc
    .constantFrom(..."true 1 false 0".split(" "))
    .map((nil): Change => (node) => ({ ...node, attributes: [`xsi:nil="${nil}"`] })),
  fc
    .constantFrom(..."true 1 false 0".split(" "))
    .map((nil): Change => (node) => ({ ...node, attributes: [`xsi:nil="${nil}"`], text: "", children: [] })),
  fc.constant<Change>((node) => ({ ...node, children: [], text: "" })),
  fc.constant<Change>((node) => ({ ...node, children: node.children.slice(0, 1) })),
  fc.constant<Change>((node) => ({ ...node, children: node.children.slice(1) })),
);

function rewrite(node: Node, counter: { left: number }, change: Change): Node {
  const here = counter.left === 0;
  counter.left -= 1;
  const children = node.children.map((child) => rewrite(child, counter, change));
  return here ? change({ ...node, children }) : { ...node, children };
}

function countNodes(node: Node): number {
  return node.children.reduce((sum, child) => sum + countNodes(child), 1);
}

function messageContent(name: string, message: Message): fc.Arbitrary<Node> {
  const fields = message.fields.map((field) => {
    const present = typeContent(field.xmlName, field.type);
    return field.required ? present : fc.option(present, { nil: undefined, freq: 2 });
  });
  return fc.tuple(...fields).map((children) =>
    parent(
      name,
      children.filter((child) => child !== undefined),
    ),
  );
}

function typeContent(name: string, type: FieldType): fc.Arbitrary<Node> {
  switch (type.kind) {
    case "struct":
      return messageContent(name, type.message);
    case "array":
      return listContent(name, typeContent(type.itemName, type.items), type.maxItems);
    case "map": {
      const entry = fc
        .tuple(typeContent("key", type.key), typeContent("value", type.value))
        .map((children) => parent("entry", children));
      return listContent(name, entry, type.maxItems);
    }
    case "dynamic":
      return leaf(name, fc.constant("null"));
    default:
      return leaf(name, scalarText(type));
  }
}

/** Right forms far more often than wrong ones: one wrong value in a tree hides whatever else is in it. */
function scalarText(type: ScalarType): fc.Arbitrary<string> {
  const [first = "", ...others] = [...facetForms(type), ...FORMS[type.kind]];
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(first, ...others) },
  );
}

type ScalarType = Extract<FieldType, { readonly kind: ScalarKind }>;

/** Written forms on both sides of the borders that facets draw, a right one first; none for a type without facets. */
function facetForms(type: ScalarType): readonly string[] {
  switch (type.kind) {
    case "string": {
      const { allowed, maxLength } = type;
      if (allowed !== undefined) return [...allowed.filter(isXmlText), "another", "a", ""];
      return maxLength === undefined
        ? []
        : ["", ...[maxLength, maxLength + 1].map((length) => "\u{1d11e}".repeat(length))];
    }
    case "double":
    case "integer":
    case "decimal": {
      const { totalDigits, minimum, maximum } = type;
      if (totalDigits === undefined && minimum === undefined && maximum === undefined) return [];
      const whole = totalDigits ?? 5;
      const places = type.kind === "integer" ? 0 : (type.fractionDigits ?? 2);
      const fraction =
        places === 0
          ? []
          : [`0.${"1".repeat(places)}`, `-0.${"1".repeat(places)}0`, `0.${"1".repeat(places + 1)}`];
      return [
        "0",
        "9",
        "-9",
        "10",
        "-10",
        "9.5",
        "-0",
        "9".repeat(whole),
        `1${"0".repeat(whole)}`,
        ...fraction,
      ];
    }
    default:
      return [];
  }
}

function listContent(name: string, item: fc.Arbitrary<Node>, maxItems: number): fc.Arbitrary<Node> {
  const usual = fc.array(item, { maxLength: 2 });
  const tooMany = item.map((only) => Array.from({ length: maxItems + 1 }, () => only));
  return fc
    .oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: tooMany })
    .map((children) => parent(name, children));
}

function leaf(name: string, text: fc.Arbitrary<string>): fc.Arbitrary<Node> {
  return text.map((value) => ({ name, attributes: [], text: value, children: [] }));
}

function parent(name: string, children: readonly Node[]): Node {
  return { name, attributes: [], text: "", children };
}
