/** Date and time of an instant as the pages write them: UTC, 24 hours. Text that is no instant comes back as it is. */
export function dateTimeText(iso: string): string {
  const text = canonical(iso)
  return text === undefined ? iso : `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

/** `02:53:11`, UTC. */
export function clockText(iso: string): string {
  return canonical(iso)?.slice(11, 19) ?? iso
}

/** `02:53:11.662`, UTC. */
export function exactClockText(iso: string): string {
  return canonical(iso)?.slice(11, 23) ?? iso
}

/** `2026-11-21`, UTC. */
export function dateText(iso: string): string {
  return canonical(iso)?.slice(0, 10) ?? iso
}

/** The instant in the reader's own zone, with its offset: for hints. */
export function localText(iso: string): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const offset = -new Date(ms).getTimezoneOffset()
  const shifted = new Date(ms + offset * 60_000).toISOString()
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const zone = `${offset < 0 ? '−' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)} ${zone}`
}

/** A length of time, short: `0.41 s`, `93 s`, `12 min`, `3 h 05 min`, `2 d 4 h`. */
export function lengthText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 100) return `${seconds.toFixed(seconds < 60 ? 1 : 0)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function canonical(iso: string): string | undefined {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
