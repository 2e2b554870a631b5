/** What the peer announces about itself (RFC 9113, 6.5). */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { DEFAULT_WINDOW, MAX_FRAME_BYTES, MAX_WINDOW, type Frame } from "./frames.js";

export const SettingId = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
  /** RFC 8441. */
  ENABLE_CONNECT_PROTOCOL: 8,
  /** RFC 9218. */
  NO_RFC7540_PRIORITIES: 9,
} as const;

const SETTING_BYTES = 6;
const DEFAULT_HEADER_TABLE_BYTES = 4096;
const LARGEST_FRAME_BYTES = 0xff_ffff;

export interface PeerSettings {
  /** What new streams to the peer begin with, in bytes. */
  readonly initialWindow: number;
  /**
   * Whether the peer has ever asked for a smaller table than the default: the next header block has to say that the
   * table, which is not used here, is empty (RFC 7541, 4.2).
   */
  readonly wantsSmallerTable: boolean;
}

export const FIRST_PEER_SETTINGS: PeerSettings = { initialWindow: DEFAULT_WINDOW, wantsSmallerTable: false };

/**
 * The settings after one SETTINGS frame that is no acknowledgement. Other settings than these two bind a server that pushes nothing,
 * fills no table and sends frames of the smallest limit to nothing: they are only checked.
 * @throws ConnectionError for a frame or value that RFC 9113 forbids
 */
export function applySettings(before: PeerSettings, { bytes, start, end }: Frame): PeerSettings {
  if ((end - start) % SETTING_BYTES !== 0) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a SETTINGS frame is cut off");
  }
  let { initialWindow, wantsSmallerTable } = before;
  for (let at = start; at < end; at += SETTING_BYTES) {
    const value = bytes.readUInt32BE(at + 2);
    switch (bytes.readUInt16BE(at)) {
      case SettingId.HEADER_TABLE_SIZE:
        wantsSmallerTable ||= value < DEFAULT_HEADER_TABLE_BYTES;
        break;
      case SettingId.INITIAL_WINDOW_SIZE:
        if (value > MAX_WINDOW) {
          throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "an initial window is too large");
        }
        initialWindow = value;
        break;
      case SettingId.MAX_FRAME_SIZE:
        if (value < MAX_FRAME_BYTES || value > LARGEST_FRAME_BYTES) throw outOfRange();
        break;
      case SettingId.ENABLE_PUSH:
      case SettingId.ENABLE_CONNECT_PROTOCOL:
      case SettingId.NO_RFC7540_PRIORITIES:
        if (value > 1) throw outOfRange();
        break;
      default:
        break;
    }
  }
  return { initialWindow, wantsSmallerTable };
}

function outOfRange(): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a setting is out of its range");
}
