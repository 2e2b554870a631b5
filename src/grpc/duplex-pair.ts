/** A connection within the process. */
import { Duplex } from "node:stream";

/** Two ends of one connection: what is written to one is read from the other, at the reader's pace. */
export function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const pending: ((() => void) | undefined)[] = [];
  const make = (own: number): Duplex =>
    new Duplex({
      read() {
        const taken = pending[own];
        pending[own] = undefined;
        taken?.();
      },
      write(chunk: Buffer, _encoding, done) {
        // Not at once: the reader may be a session that answers, and its answer would reach the writer in the middle of
        // writing. node:http2 does not expect that, and ends the process (Node 20, Http2Session::OnStreamRead).
        process.nextTick(() => {
          const other = ends[1 - own];
          if (other?.push(chunk) === true) done();
          else pending[1 - own] = done;
        });
      },
      final(done) {
        ends[1 - own]?.push(null);
        done();
      },
      destroy(error, done) {
        ends[1 - own]?.destroy();
        done(error);
      },
    });
  const pair: [Duplex, Duplex] = [make(0), make(1)];
  ends.push(...pair);
  return pair;
}
