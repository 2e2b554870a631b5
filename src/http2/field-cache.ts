/**
 * Remembers fields that a peer spells out again and again, such as `:path`, which encoders leave out of the dynamic
 * table. A hit saves decoding, judging and allocating. One slot for each hash: a hostile peer can only miss.
 */
import type { Field } from "./field.js";

const SLOTS = 64;
const LONGEST_VALUE = 256;

interface Slot {
  readonly name: string;
  readonly isHuffman: boolean;
  /** The value as it was on the wire. */
  readonly value: Uint8Array;
  readonly field: Field;
}

export class FieldCache {
  readonly #slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);

  find(name: string, isHuffman: boolean, bytes: Buffer, start: number, end: number): Field | undefined {
    const slot = this.#slots[slotOf(bytes, start, end)];
    if (slot?.value.length !== end - start) return undefined;
    if (slot.isHuffman !== isHuffman || slot.name !== name) return undefined;
    for (let at = start; at < end; at += 1) if (bytes[at] !== slot.value[at - start]) return undefined;
    return slot.field;
  }

  keep(field: Field, isHuffman: boolean, bytes: Buffer, start: number, end: number): void {
    if (end - start > LONGEST_VALUE) return;
    const value = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#slots[slotOf(bytes, start, end)] = { name: field.name, isHuffman, value, field };
  }
}

/** A few bytes tell the values of one peer apart well enough. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[(start + end) >> 1] ?? 0;
  const last = bytes[end - 2] ?? 0;
  return (end - start + first * 3 + middle * 7 + last * 13) & (SLOTS - 1);
}
