const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A size in decimal units with three digits at most: `999 B`, `1.25 MB`. @param bytes How many. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1]
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)}\u202f${UNITS[unit]}`
}
