/** Ends a process and everything in its group; quiet when nothing of it is left. Synchronous, for exit handlers. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nothing of the group is left.
  }
}
