/** What a connection waits for, and until when. One timer serves all of it, and goes with the connection. */

export type Deadline =
  "settings" | "headers" | "keepalive" | "idle" | "age" | "ageGrace" | "drainPause" | "linger";

/** The longest time that a timer can wait, in milliseconds. */
const MAX_TIMER_MS = 0x7fff_ffff;

export class Deadlines {
  readonly #onDue: (deadline: Deadline) => void;
  /** On the `performance.now()` clock. */
  readonly #due = new Map<Deadline, number>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;

  /** @param onDue is called once for each deadline that has passed; it is no longer set then */
  constructor(onDue: (deadline: Deadline) => void) {
    this.#onDue = onDue;
  }

  set(deadline: Deadline, delayMs: number): void {
    const at = performance.now() + delayMs;
    this.#due.set(deadline, at);
    if (at < this.#timerAt) this.#arm(at);
  }

  clear(deadline: Deadline): void {
    this.#due.delete(deadline);
  }

  /** Clears all. More can be set afterwards. */
  stop(): void {
    this.#due.clear();
    clearTimeout(this.#timer);
    this.#timerAt = Infinity;
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    if (at === Infinity) return;
    // Rounded up: a timer may not fire before its deadline, or it would be armed again for nothing.
    const delayMs = Math.min(MAX_TIMER_MS, Math.ceil(at - performance.now()) + 1);
    this.#timer = setTimeout(fire, delayMs, this);
  }

  fire(): void {
    this.#timerAt = Infinity;
    const now = performance.now();
    for (const [deadline, at] of [...this.#due]) {
      // What was called before may have cleared or moved it.
      if (at > now || this.#due.get(deadline) !== at) continue;
      this.#due.delete(deadline);
      this.#onDue(deadline);
    }
    const next = Math.min(Infinity, ...this.#due.values());
    if (next < this.#timerAt) this.#arm(next);
  }
}

function fire(deadlines: Deadlines): void {
  deadlines.fire();
}
