/**
 * The same failure from fewer bytes: pieces are taken away, halving their length, for as long as it still fails.
 * @param fails whether an input still shows the failure
 * @param most how often `fails` is asked
 */
export async function minimise(
  input: Uint8Array,
  fails: (input: Uint8Array) => Promise<boolean>,
  most = 2000,
): Promise<Uint8Array> {
  let smallest = Buffer.from(input);
  let asked = 0;
  for (let length = smallest.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at < smallest.length && asked < most;) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + length)]);
      asked += 1;
      if (await fails(shorter)) smallest = shorter;
      else at += length;
    }
  }
  return smallest;
}
