import type { Context } from './context.ts'

/** What opens something to whoever reads it: tokens of ours, bearers, and passwords in addresses. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bpw[a-z]\.[\w-]+\.[\w.-]+/g, 'pw***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 ***'],
  [/([?&](?:token|code|secret|password)=)[^&\s]+/gi, '$1***'],
  [/(\/\/[^/:@\s]+:)[^@/\s]+@/g, '$1***@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '*** (a private key)'],
]

/** A text in which whatever looks like a secret is masked. */
function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [pattern, mask]) => rest.replaceAll(pattern, mask), text)
}

/** One line of the server's log in JSON. @param nowMs Milliseconds since the epoch. */
function logLine(text: string, nowMs: number): string {
  const code = /\bPW-[A-Z]{2}-\d{3}\b/.exec(text)?.[0]
  const level = code === undefined ? 'info' : 'error'
  const message = withoutSecrets(text.trim())
  return JSON.stringify({ time: new Date(nowMs).toISOString(), level, ...(code === undefined ? {} : { code }), message })
}

/** A context whose talk is a log: no secrets, and one JSON object a line where that is wanted. */
export function logging(context: Context, format: 'text' | 'json'): Context {
  const { terminal, options } = context
  const say =
    format === 'text'
      ? (text: string): void => terminal.say(withoutSecrets(text))
      : (text: string): void => terminal.say(logLine(text, Date.now()))
  const quiet = format === 'json' ? { redraw: () => {} } : {}
  return {
    ...context,
    terminal: { ...terminal, ...quiet, say },
    hint: (text) => {
      if (options.quiet !== true) say(text)
    },
  }
}
