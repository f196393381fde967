/** Spans that are offered wherever a time is chosen. */
export const QUICK_SPANS: readonly string[] = ['5m', '15m', '1h', '24h', '7d', '30d']

/** `24h` → `24 h`. */
export function spanText(span: string): string {
  return span.replace(/\D/, ' $&')
}
