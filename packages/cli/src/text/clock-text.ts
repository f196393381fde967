/** `2026-11-21 02:14:07`, in UTC or the machine's own zone; `-` where there is no time. */
export function clockText(iso: string, utc: boolean): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return '-'
  const local = utc ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}

/** How long something lasted, in at most six columns: `0.4 s`, `93 s`, `12 min`, `3.1 h`, `9 d`. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return '-'
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${Math.round(seconds / 86_400)} d`
}
