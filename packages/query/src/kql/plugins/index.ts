import { activeUsers, activityCounts, activityMetrics, newActivity, rollingPercentile, slidingCounts } from './activity.ts'
import { bagUnpack } from './bag-unpack.ts'
import { geoLineLookup, geoPolygonLookup } from './geo-lookup.ts'
import { ipv4Lookup, ipv6Lookup } from './ip-lookup.ts'
import { narrow } from './narrow.ts'
import { pivot } from './pivot.ts'
import type { Plugin } from './plugin.ts'
import { rowsNear } from './rows-near.ts'

/** Plugins by name: what is not here is refused. */
export const PLUGINS: Readonly<Record<string, Plugin>> = {
  active_users_count: activeUsers,
  activity_counts_metrics: activityCounts,
  activity_metrics: activityMetrics,
  bag_unpack: bagUnpack,
  geo_line_lookup: geoLineLookup,
  geo_polygon_lookup: geoPolygonLookup,
  ipv4_lookup: ipv4Lookup,
  ipv6_lookup: ipv6Lookup,
  narrow,
  new_activity_metrics: newActivity,
  pivot,
  rolling_percentile: rollingPercentile,
  rows_near: rowsNear,
  sliding_window_counts: slidingCounts,
}
