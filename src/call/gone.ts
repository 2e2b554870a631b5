/** How a call hears that its caller has gone. */

/** The part of an `AbortSignal` that a call needs; aborted: the caller has gone. */
export interface Gone {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * A signal for one call, or for all calls of one stream, without what an `AbortSignal` of Node costs: each of those survives
 * the collector's quick rounds (Node 20), its listeners hold on to one another after they are removed, and either way
 * everything that a call has held is kept until the next full collection.
 */
export class Departure implements Gone {
  #hasLeft = false;
  readonly #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#hasLeft;
  }

  /** Each listener is called once, and not at all when the caller has gone before. */
  addEventListener(_type: "abort", listener: () => void): void {
    if (!this.#hasLeft) this.#listeners.push(listener);
  }

  /** There are never more listeners than calls of one stream in hand. */
  removeEventListener(_type: "abort", listener: () => void): void {
    const last = this.#listeners.pop();
    if (last === undefined || last === listener) return;
    const at = this.#listeners.indexOf(listener);
    if (at < 0) this.#listeners.push(last);
    else this.#listeners[at] = last;
  }

  abort(): void {
    this.#hasLeft = true;
    // One may remove another: a call that is stopped makes room for one that waits, which is told no more then.
    for (let next = this.#listeners.pop(); next !== undefined; next = this.#listeners.pop()) next();
  }
}
