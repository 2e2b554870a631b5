/** HPACK: the vectors of RFC 7541, appendix C, and what the RFC calls an error. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, ErrorCode } from "../../src/http2/error-codes.js";
import { HpackDecoder } from "../../src/http2/hpack-decoder.js";
import { decodeHuffman } from "../../src/http2/huffman.js";

type Pair = readonly [string, string];

function decoderOf(maxListBytes = 65_536): (hex: string) => Pair[] | undefined {
  const decoder = new HpackDecoder(maxListBytes);
  return (hex) => {
    const bytes = Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
    return decoder.decode(bytes, 0, bytes.length)?.map(({ name, value }) => [name, value]);
  };
}

function refuses(hex: string, decode = decoderOf()): void {
  assert.throws(
    () => decode(hex),
    (error) => error instanceof ConnectionError && error.code === ErrorCode.COMPRESSION_ERROR,
    hex,
  );
}

test("C.2: literals and an indexed field", () => {
  const decode = decoderOf();
  assert.deepEqual(decode("400a637573746f6d2d6b65790d637573746f6d2d686561646572"), [
    ["custom-key", "custom-header"],
  ]);
  assert.deepEqual(decode("040c2f73616d706c652f70617468"), [[":path", "/sample/path"]]);
  assert.deepEqual(decode("100870617373776f726406736563726574"), [["password", "secret"]]);
  assert.deepEqual(decode("82"), [[":method", "GET"]]);
  assert.deepEqual(decode("be"), [["custom-key", "custom-header"]]);
});

const REQUESTS: readonly (readonly Pair[])[] = [
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
  ],
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
    ["cache-control", "no-cache"],
  ],
  [
    [":method", "GET"],
    [":scheme", "https"],
    [":path", "/index.html"],
    [":authority", "www.example.com"],
    ["custom-key", "custom-value"],
  ],
];

const COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const DATE = "Mon, 21 Oct 2013 20:13:21 GMT";
const LATER = "Mon, 21 Oct 2013 20:13:22 GMT";

const RESPONSES: readonly (readonly Pair[])[] = [
  [
    [":status", "302"],
    ["cache-control", "private"],
    ["date", DATE],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "307"],
    ["cache-control", "private"],
    ["date", DATE],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "200"],
    ["cache-control", "private"],
    ["date", LATER],
    ["location", "https://www.example.com"],
    ["content-encoding", "gzip"],
    ["set-cookie", COOKIE],
  ],
];

/** A table of 256 bytes, as the responses of the appendix have it. */
const SMALL_TABLE = "3fe101";

const SEQUENCES = [
  {
    name: "C.3: requests without Huffman code",
    lists: REQUESTS,
    blocks: [
      "828684410f7777772e6578616d706c652e636f6d",
      "828684be58086e6f2d6361636865",
      "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ],
  },
  {
    name: "C.4: requests with Huffman code",
    lists: REQUESTS,
    blocks: [
      "828684418cf1e3c2e5f23a6ba0ab90f4ff",
      "828684be5886a8eb10649cbf",
      "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ],
  },
  {
    name: "C.5: responses without Huffman code, with eviction",
    lists: RESPONSES,
    blocks: [
      `${SMALL_TABLE}4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54` +
        "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
      "4803333037c1c0bf",
      "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b" +
        "48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
    ],
  },
  {
    name: "C.6: responses with Huffman code, with eviction",
    lists: RESPONSES,
    blocks: [
      `${SMALL_TABLE}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3`,
      "4883640effc1c0bf",
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f" +
        "3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
    ],
  },
];

for (const { name, lists, blocks } of SEQUENCES) {
  test(name, () => {
    const decode = decoderOf();
    assert.deepEqual(blocks.map(decode), lists);
  });
}

test("what was evicted is gone", () => {
  const decode = decoderOf();
  SEQUENCES[2]?.blocks.forEach(decode);
  assert.deepEqual(decode("bebfc0"), [
    ["set-cookie", COOKIE],
    ["content-encoding", "gzip"],
    ["date", LATER],
  ]);
  refuses("c1", decode);
});

test("a field larger than the table empties it", () => {
  const decode = decoderOf();
  decode(`${SMALL_TABLE}4001610162`);
  decode(`40017a7f8001${"61".repeat(127 + 128)}`);
  refuses("be", decode);
});

test("indexes that no table has", () => {
  refuses("80");
  refuses("be");
  refuses("ffffffff07");
  refuses("7f8001");
});

test("integers that are too long, and blocks that end too early", () => {
  for (const hex of [
    "ff",
    "ff80",
    "ff8080808080",
    "ffffffffff7f",
    "3fffffffffffffff01",
    "04",
    "0401",
    "40",
    "0003",
  ]) {
    refuses(hex);
  }
  // 2^28 and a bit more, as the length of a string.
  refuses("007fffffffff7f61");
});

test("an integer may be longer than it must be", () => {
  // 0x0f 0x80 0x00: the index 15 in three bytes.
  assert.deepEqual(decoderOf()("0f8000026162"), [["accept-charset", "ab"]]);
});

test("updates of the table's size: in front, two of them, and no larger than announced", () => {
  const decode = decoderOf();
  assert.deepEqual(decode("20 3fe11f 82"), [[":method", "GET"]]);
  refuses("3fe21f 82");
  refuses("82 20");
  refuses("20 20 20 82");
  const emptied = decoderOf();
  emptied("4001610162");
  assert.deepEqual(emptied("be"), [["a", "b"]]);
  emptied("20");
  refuses("be", emptied);
});

test("Huffman code: padding is at most seven ones, and the end of string is no symbol", () => {
  const decode = (hex: string): string => {
    const bytes = Buffer.from(hex, "hex");
    return decodeHuffman(bytes, 0, bytes.length);
  };
  assert.equal(decode("f1e3c2e5f23a6ba0ab90f4ff"), "www.example.com");
  assert.equal(decode(""), "");
  assert.equal(decode("1f"), "a");
  for (const bad of ["ff", "18", "1e", "f1e3c2e5f23a6ba0ab90f4ffff", "fffffffc", "ffffffff", "fffffffffc"]) {
    assert.throws(() => decode(bad), ConnectionError, bad);
  }
});

test("a list that is too large is read to its end all the same", () => {
  const decode = decoderOf(100);
  assert.equal(decode(`4001610162${"0001610162".repeat(3)}`), undefined);
  assert.deepEqual(decode("be"), [["a", "b"]]);
});

test("values that come again are equal, whatever else has come between", () => {
  const decode = decoderOf();
  const paths = [
    "/a",
    "/b",
    "/ab",
    "/ba",
    "/a".repeat(60),
    "/a",
    "/abcdefg",
    "/xbcdefg",
    "/abxdefg",
    "/abcdxfg",
  ];
  const check = (representation: string, name: string, value: string): void => {
    const length = value.length.toString(16).padStart(2, "0");
    const bytes = `${representation}${length}${Buffer.from(value).toString("hex")}`;
    assert.deepEqual(decode(bytes), [[name, value]]);
  };
  for (let round = 0; round < 3; round += 1) {
    for (const path of paths) check("04", ":path", path);
    for (const path of paths) {
      check("04", ":path", path);
      check("0f01", "accept-encoding", path);
    }
  }
  // The same bytes, first plain, then in Huffman code.
  assert.deepEqual(decode("04011f"), [[":path", "\x1f"]]);
  assert.deepEqual(decode("04811f"), [[":path", "a"]]);
});
