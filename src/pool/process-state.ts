/** The life of a Python process in a closed list of states; README.md beside this file has the drawing. */

/** Every state of a process, and what may follow it. */
export const NEXT_STATES = {
  /** Asked for. */
  starting: ["importing", "warming", "ready", "over"],
  /** It, or the template that it will be forked from, imports the artifact. */
  importing: ["warming", "ready", "over"],
  /** The same tries the artifact's sample. */
  warming: ["ready", "over"],
  /** Takes calls. */
  ready: ["busy", "draining", "over"],
  /** Takes no call before one of those it runs has ended. */
  busy: ["ready", "draining", "over"],
  /** Finishes the calls it runs and takes no other. */
  draining: ["over"],
  /** Nothing is expected of it any more; it may take a moment to go. */
  over: [],
} as const satisfies Record<string, readonly string[]>;

export type ProcessState = keyof typeof NEXT_STATES;
