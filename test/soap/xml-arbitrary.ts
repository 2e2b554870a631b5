/** Documents of every form that XML has, right for the most part, and changes of their text that may spoil them. */
import fc from "fast-check";

const NAMES = [
  "a",
  "b",
  "row",
  "_",
  "a-1.b",
  "\u00e9",
  "x\u00b7\u0300",
  "\u{10000}n",
  "xml",
  "xmlns",
  "id",
] as const;
const PREFIXES = ["", "", "p", "q", "\u00e9", "xml"] as const;
const NAMESPACES = [
  ..."urn:a urn:b urn:a urn:b http://www.w3.org/2001/XMLSchema-instance".split(" "),
  "",
  "http://www.w3.org/XML/1998/namespace",
  "http://www.w3.org/2000/xmlns/",
] as const;
const SPACES = [" ", "\n", "\t ", "\r\n", "  "] as const;
const MAYBE_SPACES = ["", "", "", ...SPACES] as const;
const TEXTS = [
  ...[
    "x",
    " ",
    "1.50",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "a > b",
    "]]",
    "]]&gt;",
    "\u0085",
    "\u2028",
    "\u{1d11e}",
    "\ufffd",
  ],
  ...[
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&#10;",
    "&#13;",
    "&#x0009;",
    "&#x1D11E;",
    "&#0000065;",
    "&#38;lt;",
  ],
] as const;
const PIECES = [
  ...[
    "<",
    ">",
    "/",
    "&",
    ";",
    '"',
    "'",
    "=",
    ":",
    "-",
    "--",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?x?>",
    "<?xml?>",
  ],
  ...[
    "</a>",
    "<a>",
    "<a/>",
    "</",
    "<!DOCTYPE a>",
    "<!",
    "<a:b:c/>",
    "<:a/>",
    "<a:/>",
    "<1/>",
    "<-/>",
    "< a/>",
  ],
  ...[
    '<?xml version="1.0"?>',
    "<?xml version='1.0' standalone='no'?>",
    '<?xml version="1.0" encoding="a b"?>',
  ],
  ...[
    "&#0;",
    "&#x;",
    "&#;",
    "&;",
    "&#xD800;",
    "&#xFFFF;",
    "&#x110000;",
    "&#99999999999;",
    "&nbsp;",
    "&amp",
    "&#X41;",
  ],
  ...["\u0000", "\u0001", "\u007f", "\u00a0", "\ufffe", "\uffff", "\u00d7", "\u037e", "\u2028", " ", "\r"],
  ...[
    ' a="1"',
    " a='<'",
    ' p:a="1" q:a="2"',
    ' xmlns=""',
    ' xmlns:p=""',
    ' xmlns:p="urn:a"',
    ' xmlns:q="urn:a"',
  ],
  ...[
    ' xmlns:xml="urn:a"',
    ' xmlns:xmlns="urn:a"',
    ' xml:lang="en"',
    ' a="1"b="2"',
    " a=1",
    ' a = "1"',
    ' xmlns:="u"',
  ],
  ...["<xmlns:a/>", "<xml:a/>", "<p:a/>", ' xml:p="1"', "\u0300", "x", ""],
] as const;

const quoted = (value: string, quote: string): string => quote + value.replaceAll(quote, "") + quote;

const name = fc
  .tuple(fc.constantFrom(...PREFIXES), fc.constantFrom(...NAMES))
  .map(([prefix, local]) => (prefix === "" ? local : `${prefix}:${local}`));

const value = fc.array(fc.constantFrom(...TEXTS), { maxLength: 4 }).map((pieces) => pieces.join(""));

const attribute = fc
  .record({
    space: fc.constantFrom(...SPACES),
    name,
    equals: fc.constantFrom("=", "=", "=", " = ", "\n="),
    value: value.map((text) => text.replaceAll("<", "")),
    quote: fc.constantFrom('"', "'"),
  })
  .map((written) => written.space + written.name + written.equals + quoted(written.value, written.quote));

const declaration = fc
  .tuple(fc.constantFrom("", "", "p", "q", "\u00e9", "xml"), fc.nat(NAMESPACES.length * 6))
  .map(([prefix, at]) => {
    // The namespaces that may not be bound are rare: one of them hides whatever else is in a document.
    const uri = prefix === "xml" ? NAMESPACES[6] : (NAMESPACES[at] ?? "urn:c");
    return ` xmlns${prefix === "" ? "" : `:${prefix}`}="${uri}"`;
  });

const comment = fc.constantFrom("<!---->", "<!-- x -->", "<!-- <a> & - ]]> -->", "<!--\r\n-->");
const cdata = fc.constantFrom("<![CDATA[]]>", "<![CDATA[<a>&amp;]]>", "<![CDATA[]]]]>", "<![CDATA[ \r ]]>");

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .record({
      name,
      declarations: fc.uniqueArray(declaration, { maxLength: 2, selector: (text) => text.split("=")[0] }),
      attributes: fc.uniqueArray(attribute, { maxLength: 3, selector: (text) => text.split("=")[0]?.trim() }),
      space: fc.constantFrom(...MAYBE_SPACES),
      content: fc.option(tie("content"), { freq: 3 }),
    })
    .map((written) => {
      const inside = written.declarations.join("") + written.attributes.join("") + written.space;
      if (written.content === null) return `<${written.name}${inside}/>`;
      return `<${written.name}${inside}>${written.content}</${written.name}${written.space}>`;
    }),
  content: fc
    .array(
      fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
        { weight: 2, arbitrary: tie("element") },
        { weight: 1, arbitrary: comment },
        { weight: 1, arbitrary: cdata },
      ),
      { maxLength: 5 },
    )
    .map((pieces) => pieces.join("")),
}));

const prologue = fc.constantFrom(
  ...["", "", "", "\n", "<!-- before -->\r\n"],
  ...['<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n'],
  ...["<?xml version='1.0' encoding='utf-8' standalone='yes' ?>", '<?xml\n version = "1.0"?>'],
);

/** The prefixes of the names above are declared around it, so that most documents are right. */
const WRAPPER = '<root xmlns:p="urn:p" xmlns:q="urn:q" xmlns:\u00e9="urn:e">';

export const documents = fc
  .record({
    prologue,
    element: fc.oneof(
      { weight: 4, arbitrary: element.map((inner) => `${WRAPPER}${inner}</root>`) },
      { weight: 1, arbitrary: element },
    ),
    epilogue: fc.constantFrom("", "", "\n", "<!-- behind -->"),
  })
  .map((written) => written.prologue + written.element + written.epilogue);

interface Change {
  readonly at: number;
  /** Characters that are lost. */
  readonly length: number;
  /** Where: behind the next of these, or right there. */
  readonly behind: string | undefined;
  readonly piece: string;
}

/** One or two changes somewhere: a piece put in, a piece of the document lost, doubled, or moved. */
export const spoiledDocuments = documents.chain((text) => {
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.nat(text.length),
    length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
    behind: fc.constantFrom(undefined, ">", "<", "=", '"', " ", "/", "&", ";"),
    piece: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.nat(text.length).map((from) => text.slice(from, from + 6)) },
    ),
  });
  const apply = (changed: string, { at, length, behind, piece }: Change): string => {
    const found = behind === undefined ? -1 : changed.indexOf(behind, at);
    const start = found < 0 || behind === undefined ? at : found + behind.length;
    return changed.slice(0, start) + piece + changed.slice(start + length);
  };
  // Half a surrogate pair does not survive the way to libxml2, which takes UTF-8.
  return fc
    .array(change, { minLength: 1, maxLength: 2 })
    .map((changes) => changes.reduce(apply, text).toWellFormed());
});
