/**
 * Runs something after so many milliseconds, and after everything that has arrived by then was read. A timer alone is not enough: on
 * a busy machine it fires before the answers that came in the meantime are looked at, and whoever closes their connection then
 * throws them away.
 */
export function afterReading(ms: number, then: () => void): NodeJS.Timeout {
  // Between the timers and the immediates of one turn of the event loop stands the reading of sockets and ports.
  return setTimeout(() => setImmediate(then), ms);
}
