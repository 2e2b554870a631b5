/** The shapes of load, by the names they have in cases. Another shape is another row here. */

export interface LoadShape {
  /** In a report. */
  readonly description: string;
  /** Calls in flight, one on each connection: what a server balances over its processes. Of an open loop: at most. */
  readonly connections: number;
  /** Of an open loop: calls arrive at this share of what the server answered at `CAPACITY_LOAD`, in the same run. */
  readonly shareOfCapacity?: number;
  /** More is asked of the server than it can do: turning calls away is then no failure. */
  readonly isOverload: boolean;
}

/** Connections of an open loop: enough for whatever a server answers within a second or so. */
const OPEN_CONNECTIONS = 256;

export const LOADS = {
  c1: closed(1, "one call in flight, the next one sent when it is answered"),
  c8: closed(8, "eight calls in flight, one on each of eight connections"),
  c64: closed(64, "64 calls in flight on as many connections"),
  c256: closed(256, "256 calls in flight on as many connections"),
  open50: open(0.5, "calls arrive by themselves (Poisson) at half of the server's own capacity"),
  open80: open(0.8, "calls arrive by themselves at 80 % of the server's own capacity"),
  open120: open(
    1.2,
    "calls arrive by themselves at 120 % of the server's own capacity: some wait, or are turned away",
  ),
} as const satisfies Record<string, LoadShape>;

export type LoadName = keyof typeof LOADS;

/** The closed loop whose rate is taken for a server's capacity. */
export const CAPACITY_LOAD = "c64" satisfies LoadName;

function closed(connections: number, description: string): LoadShape {
  return { description, connections, isOverload: false };
}

function open(shareOfCapacity: number, description: string): LoadShape {
  return { description, connections: OPEN_CONNECTIONS, shareOfCapacity, isOverload: shareOfCapacity >= 1 };
}
