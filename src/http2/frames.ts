/** The framing of HTTP/2 (RFC 9113, sections 4 and 6): nine bytes of head, then the payload. */

export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** Flags; each means something in some frames only. */
export const Flag = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export const FRAME_HEAD_BYTES = 9;

/** The largest payload of either side. It is the least that every peer has to take, so no peer's wish matters. */
export const MAX_FRAME_BYTES = 16_384;

export const MAX_STREAM_ID = 0x7fff_ffff;

/** Both windows begin with this, whatever is announced later (RFC 9113, 6.9.2). */
export const DEFAULT_WINDOW = 65_535;

export const MAX_WINDOW = 0x7fff_ffff;

/** One received frame. The reader fills the same object again for the next one: nobody may keep it. */
export interface Frame {
  type: number;
  flags: number;
  streamId: number;
  /** What was received; the payload is from `start` up to `end`. */
  bytes: Buffer;
  start: number;
  end: number;
}
