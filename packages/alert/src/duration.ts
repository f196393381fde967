const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `30s`, `1m`, `24h`, `7d`; undefined where it is none. */
export function durationMs(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? []
  const factor = UNITS[unit]
  return factor === undefined ? undefined : Number(digits) * factor
}

/** The shortest way to write it: 60000 → `1m`. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const factor = UNITS[unit] ?? 1
    if (ms >= factor && ms % factor === 0) return `${ms / factor}${unit}`
  }
  return `${Math.round(ms / 1000)}s`
}
