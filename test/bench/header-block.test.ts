import assert from "node:assert/strict";
import { test } from "node:test";
import { readStatusFields } from "../../bench/load/header-block.js";

// RFC 7541, C.6.1, without its entries of the dynamic table: ":status: 302" with Huffman's code.
const STATUS_302 = "48826402";
const GRPC_STATUS = Buffer.from("grpc-status").toString("hex");
const HUFFMAN_GRPC_STATUS = "9acac8b21234da8f";

test("the two fields are read, spelled out or in Huffman's code, whatever stands around them", () => {
  assert.deepEqual(read("88"), { status: "200" });
  assert.deepEqual(read("8e"), { status: "500" });
  assert.deepEqual(read(STATUS_302), { status: "302" });
  assert.deepEqual(read(`000b${GRPC_STATUS}0130`), { grpcStatus: "0" });
  assert.deepEqual(read(`0088${HUFFMAN_GRPC_STATUS}8107`), { grpcStatus: "0" });
  // 14 in five and six bits, then ones.
  assert.deepEqual(read(`4088${HUFFMAN_GRPC_STATUS}820b5f`), { grpcStatus: "14" });
  // Another name with such a value, of the same length.
  assert.deepEqual(read(`000b${Buffer.from("grpc-errors").toString("hex")}0130`), {});
  // An emptied table, a status, a long literal and another static entry.
  const long = `0f1d03${Buffer.from("abc").toString("hex")}`;
  assert.deepEqual(read(`2088${long}82000b${GRPC_STATUS}023133`), { status: "200", grpcStatus: "13" });
});

test("a block that names the dynamic table, or ends too early, is malformed", () => {
  for (const hex of ["be", "80", "7e", "000b", `000b${GRPC_STATUS}`, `000b${GRPC_STATUS}05`, "ffffffffff"]) {
    assert.equal(read(hex), "malformed", hex);
  }
});

test("what is no number in Huffman's code is no status of a success", () => {
  // "a" is 00011.
  assert.deepEqual(read(`0088${HUFFMAN_GRPC_STATUS}811f`), { grpcStatus: "?" });
});

function read(hex: string): ReturnType<typeof readStatusFields> {
  return readStatusFields(Buffer.from(hex, "hex"));
}
