/** Characters of a value that a message shows; the rest is cut, and said to be. */
const MAX_VALUE = 300
const SECRET =
  /((?:password|passwd|pwd|token|secret|api[-_]?key|access[-_]?key)["']?\s*[=:]\s*|--(?:password|token|secret)[ =])("[^"]*"|'[^']*'|[^\s&"']+)/gi
const BEARER = /\b(Bearer|Basic)\s+[\w+/.=-]{8,}/gi

/**
 * A value out of the data, which an intruder may have written: secrets masked, control and bidirectional characters
 * shown as U+FFFD, addresses broken so that nobody follows one by a slip, nobody mentioned by @, and no longer than
 * {@link MAX_VALUE} characters.
 */
export function safeText(value: string): string {
  const cut = value.length > MAX_VALUE
  const text = cut ? value.slice(0, MAX_VALUE).replace(/[\ud800-\udbff]$/, '') : value
  const plain = text
    .replace(SECRET, '$1***')
    .replace(BEARER, '$1 ***')
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd')
    // A browser takes `https:/x`, `https:\\x` and `https:x` for the same as `https://x`, and a template may put a value and a sign
    // together. Source: WHATWG URL, special authority slashes state.
    .replace(/(https?|ftp):(?=\S|$)/gi, '$1[:]')
    .replace(/@(?=[\p{L}\p{N}_])/gu, '@\u200b')
  return cut ? `${plain}… (cut, ${value.length} characters)` : plain
}

/** For Markdown as chats read it. `_`, `-` and `.` inside words stay: names of pods would be unreadable. */
export function markdownText(value: string): string {
  return safeText(value)
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(\s*)([#+-])(?=\s)/, '$1\\$2')
}

/** HTML's own signs as entities. */
export function htmlEscaped(value: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return value.replace(/[&<>"']/g, (sign) => names[sign] ?? sign)
}

/** For Slack's mrkdwn: its three control characters, and signs that would format. Source: api.slack.com, formatting text. */
export function slackText(value: string): string {
  return safeText(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '$&\u200b')
}
