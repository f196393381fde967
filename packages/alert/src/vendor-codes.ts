import { statusVerdict, type Verdict } from './channel.ts'

/** Meaning of a vendor's error code, and whether waiting helps. */
export type VendorCodes = Readonly<Record<string, { readonly words: string; readonly retryable?: boolean }>>

/** Judges an answer `{<code>: n, <message>: text}`, as chat robots give with HTTP 200 whatever happened. */
export function codeVerdict(status: number, body: string, keys: { code: string; message: string }, codes: VendorCodes): Verdict {
  const answer = parsed(body)
  const code = answer?.[keys.code]
  if (code === undefined || status < 200 || status >= 300) return statusVerdict(status === 200 ? 502 : status, body)
  if (code === 0) return { ok: true, retryable: false, status, answer: 'accepted' }
  const known = codes[String(code)]
  const message = String(answer?.[keys.message] ?? '').slice(0, 200)
  const words = known === undefined ? message : `${known.words} (${message})`
  return { ok: false, retryable: known?.retryable ?? false, status, answer: `${String(code)}: ${words}` }
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
