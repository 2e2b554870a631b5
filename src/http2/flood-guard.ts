/** Counts what a peer can do cheaply and without end, one bucket of tokens for each kind. */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import type { Budget, FloodKind } from "./http2-limits.js";

const TOO_MANY = {
  reset: "too many streams were reset",
  ping: "too many PING frames",
  settings: "too many SETTINGS frames",
  windowUpdate: "too many WINDOW_UPDATE frames",
  emptyData: "too many empty DATA frames",
  idleFrame: "too many frames without effect",
} as const satisfies Record<FloodKind, string>;

interface Bucket {
  tokens: number;
  filledAt: number;
  /** Count of reply frames when it was last filled. */
  replyFrames: number;
}

export class FloodGuard {
  /** Frames of replies sent on the connection so far. Whoever sends one counts it here. */
  replyFrames = 0;
  readonly #budgets: Readonly<Record<FloodKind, Budget>>;
  readonly #buckets = new Map<FloodKind, Bucket>();

  constructor(budgets: Readonly<Record<FloodKind, Budget>>) {
    this.#budgets = budgets;
  }

  /** @throws ConnectionError ENHANCE_YOUR_CALM when nothing is left */
  spend(kind: FloodKind): void {
    const { burst, perSecond, perReplyFrame } = this.#budgets[kind];
    const now = performance.now();
    let bucket = this.#buckets.get(kind);
    if (bucket === undefined) {
      bucket = { tokens: burst, filledAt: now, replyFrames: this.replyFrames };
      this.#buckets.set(kind, bucket);
    }
    const earned =
      ((now - bucket.filledAt) / 1000) * perSecond + (this.replyFrames - bucket.replyFrames) * perReplyFrame;
    bucket.tokens = Math.min(burst, bucket.tokens + earned) - 1;
    bucket.filledAt = now;
    bucket.replyFrames = this.replyFrames;
    if (bucket.tokens < 0) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, TOO_MANY[kind]);
  }
}
