/** Bytes the engine may hold; a container needs this plus 400 MB (measured, see docs/reference/store.md). */
const ENGINE_MEMORY_BYTES = 1_000_000_000

/**
 * The engine's `config.xml`. The defaults are made for a machine of its own: nine tenths of the memory and caches of
 * 5 GB. These fit beside a server on a laptop. Backups may go anywhere this user may write: only the account that may
 * do everything anyway can make one.
 *
 * @param more Further elements, for an engine that is one of a cluster.
 */
export function configXml(usersPath: string, more = ''): string {
  return `<clickhouse>
<users_config>${escapeXml(usersPath)}</users_config>
<logger><level>none</level></logger>
<max_server_memory_usage>${ENGINE_MEMORY_BYTES}</max_server_memory_usage>
<mark_cache_size>67108864</mark_cache_size>
<index_mark_cache_size>33554432</index_mark_cache_size>
<index_uncompressed_cache_size>33554432</index_uncompressed_cache_size>
<uncompressed_cache_size>0</uncompressed_cache_size>
<query_condition_cache_size>16777216</query_condition_cache_size>
<max_concurrent_queries>100</max_concurrent_queries>
<background_pool_size>4</background_pool_size>
<background_schedule_pool_size>8</background_schedule_pool_size>
<backups><allowed_path>/</allowed_path></backups>${more}
</clickhouse>
`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
