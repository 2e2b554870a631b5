/** Good requests and the words they are made of, for the targets that read XML. */
import { readFileSync, readdirSync } from "node:fs";
import { CLIENT_REQUESTS } from "../../soap/client-requests.js";
import { repository } from "../../support/served-example.js";

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

export const REQUEST_SEEDS: readonly Uint8Array[] = Object.values(CLIENT_REQUESTS).map((text) =>
  Buffer.from(text),
);

/** The requests of the examples: other contracts, the same envelope. */
export const EXAMPLE_SEEDS: readonly Uint8Array[] = readdirSync(repository("samples"))
  .filter((name) => name.endsWith("soap-request.xml"))
  .map((name) => readFileSync(repository(`samples/${name}`)));

export const XML_WORDS: readonly string[] = [
  ...[
    "<",
    ">",
    "/>",
    "</",
    "<a>",
    "</a>",
    "<a/>",
    "&",
    ";",
    '"',
    "'",
    "=",
    ":",
    " ",
    "\r\n",
    "\t",
    "\0",
    "]]>",
    "\uFEFF",
    "\u00a0",
    "\ud7ff",
    "\ufffe",
  ],
  ...[
    "<!--",
    "-->",
    "<!-- x -->",
    "--",
    "<![CDATA[",
    "<![CDATA[x]]>",
    "<?",
    "?>",
    "<?x y?>",
    "<!DOCTYPE a>",
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    "<!",
  ],
  ...[
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&#0;",
    "&#9;",
    "&#13;",
    "&#xD;",
    "&#x10FFFF;",
    "&#xD800;",
    "&#xFFFE;",
    "&x;",
    "&#",
    "&#x",
  ],
  ...[
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="utf-8"?>',
    '<?xml version="1.1"?>',
    ' standalone="yes"',
  ],
  ...[
    'a="1"',
    'a=""',
    'xml:lang="en"',
    'xml:space="preserve"',
    'xmlns=""',
    'xmlns="urn:x"',
    'xmlns:p="urn:x"',
    'xmlns:p=""',
    'xmlns:xml="urn:x"',
    'p:a="1"',
    'xmlns:xmlns="urn:x"',
  ],
  ...[
    `xmlns:xsi="${XSI}"`,
    'xsi:nil="true"',
    'xsi:nil="1"',
    'xsi:type="x:y"',
    'id="__proto__"',
    'href="#a"',
    '__proto__="1"',
    "<__proto__>",
    "constructor",
  ],
  ...[
    "<row>",
    "</row>",
    "<row/>",
    "<item>1</item>",
    "<entry><key>a</key><value>1</value></entry>",
    "Evaluate",
    "<s:Header/>",
    "<soap:Header/>",
    "mustUnderstand",
    'soap:mustUnderstand="1"',
    "Body",
    "Envelope",
  ],
  ...[
    "0",
    "-1",
    "1e400",
    "INF",
    "NaN",
    "9223372036854775808",
    "2024-02-30",
    "0001-01-01T00:00:00+01:00",
    "true",
    "1.005",
  ],
];
