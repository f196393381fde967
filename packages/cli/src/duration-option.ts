import { InvalidArgumentError } from 'commander'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A length of time as options take it: `30s`, `15m`, `24h`, `90d`; in milliseconds. */
export function durationOption(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const ms = Number(number) * (UNIT_MS[unit] ?? 0)
  if (ms <= 0) throw new InvalidArgumentError('It takes a length of time like 30s, 15m, 24h or 90d.')
  return ms
}
