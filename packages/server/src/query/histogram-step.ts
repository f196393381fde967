/** Steps that people read easily, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** The smallest easy step, in seconds, that cuts a range into at most so many buckets; whole days beyond a day. */
export function histogramStep(rangeSeconds: number, maxBuckets: number): number {
  // One bucket more may be begun, since buckets start at multiples of the step.
  const wanted = rangeSeconds / Math.max(maxBuckets - 1, 1)
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / 86_400) * 86_400
}
