/** How large an artifact may be. Generous for models with their weights, small enough to bound a hostile archive. */
export interface ArtifactLimits {
  /** Most files and folders, in an archive also the headers that carry only names. */
  readonly maxEntries: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** Bytes of all files together, and of a whole archive after decompression. */
  readonly maxTotalBytes: number;
  /** Bytes that one byte of a compressed archive may turn into, once it is past the first 16 MiB. */
  readonly maxRatio: number;
}

export const DEFAULT_ARTIFACT_LIMITS: ArtifactLimits = Object.freeze({
  maxEntries: 20_000,
  maxFileBytes: 2 * 1024 ** 3,
  maxTotalBytes: 4 * 1024 ** 3,
  maxRatio: 200,
});

/** Padding makes the ratio of a small archive high; below this size it says nothing. */
export const RATIO_FREE_BYTES = 16 * 1024 ** 2;

/** What to do about any limit. */
export const LIMIT_REMEDY =
  "Leave out what main() does not need, or raise the limit if the artifact is to be trusted.";
