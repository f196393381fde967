/**
 * On every table: an insert is on disk when it is acknowledged, and a repeated one with the same token changes nothing.
 * With the engine's defaults a power cut loses every recent acknowledged row. `min_free_disk_bytes_to_perform_insert`
 * refuses inserts while there is still room for what frees space: dropping a partition needs some itself.
 */
export const DURABLE =
  'fsync_after_insert=1, fsync_part_directory=1, min_rows_to_fsync_after_merge=1, min_compressed_bytes_to_fsync_after_merge=1, ' +
  'non_replicated_deduplication_window=10000, min_free_disk_bytes_to_perform_insert=134217728'
export const BY_PART = `${DURABLE}, ttl_only_drop_parts=1, materialize_ttl_recalculate_only=1`
export const EXPIRES = 'TTL toDateTime(received) + INTERVAL 180 DAY'

export const word = 'LowCardinality(String)'
export const text = 'String CODEC(ZSTD(1))'
export const labels = 'Map(LowCardinality(String), String) CODEC(ZSTD(1))'
/** Signed and wide, so that no number a damaged record claims can make the engine refuse its batch. */
export const number = 'Int64 CODEC(ZSTD(1))'
export const moment = "DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1))"
export const received = "received DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(DoubleDelta, ZSTD(1))"
