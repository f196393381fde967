import { activeUsers, activityCounts, activityMetrics, newActivity, rollingPercentile, slidingCounts } from './activity.ts'
import { activityEngagement } from './activity-engagement.ts'
import { bagUnpack } from './bag-unpack.ts'
import { basket } from './basket.ts'
import { dcountIntersect } from './dcount-intersect.ts'
import { geoLineLookup, geoPolygonLookup } from './geo-lookup.ts'
import { ipv4Lookup, ipv6Lookup } from './ip-lookup.ts'
import { narrow } from './narrow.ts'
import { pivot } from './pivot.ts'
import type { Plugin } from './plugin.ts'
import { rowsNear } from './rows-near.ts'
import { schemaMerge } from './schema-merge.ts'
import { sequenceDetect } from './sequence-detect.ts'

/** Plugins by name: what is not here is refused. */
export const PLUGINS: Readonly<Record<string, Plugin>> = {
  active_users_count: activeUsers,
  activity_counts_metrics: activityCounts,
  activity_engagement: activityEngagement,
  activity_metrics: activityMetrics,
  bag_unpack: bagUnpack,
  basket,
  dcount_intersect: dcountIntersect,
  geo_line_lookup: geoLineLookup,
  geo_polygon_lookup: geoPolygonLookup,
  ipv4_lookup: ipv4Lookup,
  ipv6_lookup: ipv6Lookup,
  narrow,
  new_activity_metrics: newActivity,
  pivot,
  rolling_percentile: rollingPercentile,
  rows_near: rowsNear,
  schema_merge: schemaMerge,
  sequence_detect: sequenceDetect,
  sliding_window_counts: slidingCounts,
}
