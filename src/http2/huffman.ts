/** Decodes strings in the Huffman code of HPACK (RFC 7541, section 5.2 and appendix B). */
import { ConnectionError, ErrorCode } from "./error-codes.js";

/**
 * Bits of the code of each octet, and last of the end-of-string symbol. The code is canonical: codes of one length
 * follow one another in the order of their symbols, so that the lengths say everything.
 */
// prettier-ignore
const CODE_LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
] as const;

const END_OF_STRING = 256;
/** Longest allowed padding in bits (RFC 7541, 5.2). */
const MAX_PADDING_BITS = 7;

/** A place in the tree of codes: where each bit leads, to a further place or to a symbol. */
interface Node {
  readonly number: number;
  readonly children: [Node | number | undefined, Node | number | undefined];
}

/** What four bits do at a node: the next node in the low byte, then a symbol, then whether there is one. */
const HAS_SYMBOL = 1 << 16;
const FAILS = 1 << 17;

const { steps, mayEnd } = buildTable();

/** Reused for every string that fits. */
const shared = Buffer.allocUnsafeSlow(4096);

/**
 * @returns one character for each octet
 * @throws ConnectionError COMPRESSION_ERROR for the end-of-string symbol, and for padding that is too long or no prefix of it
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string {
  // The shortest code has five bits.
  const most = Math.floor(((end - start) * 8) / 5);
  const output = most <= shared.length ? shared : Buffer.allocUnsafe(most);
  let length = 0;
  let node = 0;
  for (let half = start * 2; half < end * 2; half += 1) {
    const octet = bytes[half >> 1] ?? 0;
    const step = steps[(node << 4) | ((half & 1) === 0 ? octet >> 4 : octet & 15)] ?? FAILS;
    if (step >= HAS_SYMBOL) {
      if (step >= FAILS) throw malformed();
      output[length] = (step >> 8) & 0xff;
      length += 1;
    }
    node = step & 0xff;
  }
  if (mayEnd[node] !== 1) throw malformed();
  return output.toString("latin1", 0, length);
}

function malformed(): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, "a string in a header block is not in the code");
}

function buildTable(): { readonly steps: Uint32Array; readonly mayEnd: Uint8Array } {
  const nodes = buildTree();
  const table = new Uint32Array(nodes.length * 16).fill(FAILS);
  for (const node of nodes) {
    for (let nibble = 0; nibble < 16; nibble += 1) table[node.number * 16 + nibble] = stepFrom(node, nibble);
  }
  // A string may end at the root and wherever only ones lead to, as far as padding may reach.
  const ends = new Uint8Array(nodes.length);
  let place: Node | number | undefined = nodes[0];
  for (let bits = 0; bits <= MAX_PADDING_BITS && typeof place === "object"; bits += 1) {
    ends[place.number] = 1;
    place = place.children[1];
  }
  return { steps: table, mayEnd: ends };

  function stepFrom(from: Node, nibble: number): number {
    let symbol = 0;
    let at: Node | undefined = from;
    for (let bit = 3; bit >= 0; bit -= 1) {
      const next: Node | number | undefined = at.children[(nibble >> bit) & 1 ? 1 : 0];
      if (next === undefined || next === END_OF_STRING) return FAILS;
      // No code is shorter than five bits, so that four of them end one at most.
      if (typeof next === "number") symbol = HAS_SYMBOL | (next << 8);
      at = typeof next === "number" ? nodes[0] : next;
      if (at === undefined) return FAILS;
    }
    return symbol | at.number;
  }
}

/** @returns all nodes, the root first */
function buildTree(): readonly Node[] {
  const root: Node = { number: 0, children: [undefined, undefined] };
  const nodes: Node[] = [root];
  const symbols = CODE_LENGTHS.map((length, symbol) => ({ length, symbol }));
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  let code = 0;
  let codeLength = 0;
  for (const { length, symbol } of symbols) {
    code <<= length - codeLength;
    codeLength = length;
    let place = root;
    for (let bit = length - 1; bit > 0; bit -= 1) {
      const side = (code >> bit) & 1 ? 1 : 0;
      let next = place.children[side];
      if (typeof next !== "object") {
        next = { number: nodes.length, children: [undefined, undefined] };
        nodes.push(next);
        place.children[side] = next;
      }
      place = next;
    }
    place.children[code & 1 ? 1 : 0] = symbol;
    code += 1;
  }
  return nodes;
}
