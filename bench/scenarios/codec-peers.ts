/** Whom the codec of the gateway is measured beside. */
export const CODEC_PEERS = ["complete-reader", "soap-package", "libxml2-wasm", "lxml"] as const;

export type CodecPeer = (typeof CODEC_PEERS)[number];
