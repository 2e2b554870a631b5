/** One Python process as its worker sees it: what it is told, what it tells, and what can be asked of it. */
import type { EndReason } from "../observe.js";
import type { Call } from "./call-queue.js";
import type { Claims } from "./claims.js";
import type { LinkOwner } from "./host-links.js";
import type { ProcessState } from "./process-state.js";
import type { StartEvent } from "./thread-messages.js";

export interface ProcessEnd {
  readonly pid: number | undefined;
  readonly reason: EndReason;
  /** In words: the exit code or signal, or what went wrong. */
  readonly detail: string;
  readonly traceback: string;
}

export interface ProcessOptions {
  /** Says which process an event or a call channel belongs to. */
  readonly token: string;
  readonly worker: number;
  /** Whether a call whose caller has gone is stopped. */
  readonly stopCancelled: boolean;
  /** What the process notes of the calls that it has begun, once it is there; absent where no call is sent ahead. */
  readonly openClaims: () => Claims | undefined;
  /** How many calls may wait in the process behind the one that it runs. */
  readonly mayWait: () => number;
  /** Calls that the process has not begun and will not, in their order. */
  readonly onReturned: (calls: readonly Call[]) => void;
  /** A call was not answered by its deadline, so many milliseconds after it was given to the process. */
  readonly onOverrun: (ranMs: number) => void;
  /** A call was answered, if only with an error of the artifact. */
  readonly onAnswer: (runMs: number) => void;
  readonly onStarted: (pid: number) => void;
  readonly onReady: (pid: number) => void;
  /** Its state, or the number of its free slots, has changed. */
  readonly onChange: () => void;
  /** It takes no calls any more: it drains or is over. Told once, before `onChange`. */
  readonly onRetired: () => void;
  /** It has gone. Told once, last. */
  readonly onEnded: (end: ProcessEnd) => void;
}

export interface PythonProcess extends LinkOwner {
  readonly token: string;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** Calls it can be given now. */
  readonly freeSlots: number;
  /** Calls it may run at once; 0 until it is ready. */
  readonly slots: number;
  /** Calls it runs now, those that nobody waits for any more among them. */
  readonly running: number;
  /** Calls it has been given. */
  readonly calls: number;
  /** Calls it has answered, if only with an error of the artifact. */
  readonly answers: number;
  /** Resident memory in megabytes; absent while it has not been measured. */
  readonly residentMb: number | undefined;
  /** Gives it calls, several only as a batch; no more than it has free slots, a batch taking one. Each is settled. */
  run(calls: readonly Call[]): void;
  /** What the host thread has heard of it. */
  onStartEvent(event: StartEvent): void;
  /** Lets it finish what it runs and then go. */
  retire(reason: EndReason, detail: string): void;
  /** Ends it now; the first reason given is the one that is told. */
  kill(reason: EndReason, detail: string): void;
}
