import { type ContainerRow, type PodRow, timeMsOf } from '@podwitness/event'

/** The newest of several copies of a container wins. @param at Its place among copies of one moment. */
export function containerVersion({ gone, first_seen: seen }: ContainerRow, at: number): string {
  return versionAt(gone > seen ? gone : seen, at)
}

/** The newest of several copies of a pod wins. @param at Its place among copies of one moment. */
export function podVersion({ observed }: PodRow, at: number): string {
  return versionAt(observed, at)
}

function versionAt(time: string, at: number): string {
  return String(Math.max(0, Math.trunc(timeMsOf(time))) * 1000 + (at % 1000))
}
