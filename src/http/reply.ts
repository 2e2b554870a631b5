/** One whole HTTP reply. */
export interface Reply {
  readonly status: number;
  /** In ASCII. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text is sent as UTF-8. */
  readonly body: string | Uint8Array;
}
