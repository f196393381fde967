import type { Span } from './bounded-pattern.ts'
import type { RedactionRule } from './redaction-rules.ts'

/** Words that name a secret, in flags and variables. */
const NAMES = 'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|credentials?'
/** What may stand between a program and its flag: bounded, so that no command line takes long. */
const BETWEEN = '(?:[^|;&]{0,300}?\\s)?'

/**
 * Secrets that programs are commonly given on their command line. Each group of a pattern is hidden. What nobody can tell
 * from other text, as a password that is a plain argument or in base64, is not found.
 */
const PATTERNS: Readonly<Record<string, string>> = {
  flag: `(?:^|\\s)--?(?:[a-z0-9]+[-_])*(?:${NAMES})(?:=|\\s+(?!-))("[^"]*"|'[^']*'|\\S+)`,
  variable: `(?:^|[\\s;&"'])[a-z0-9_]*(?:${NAMES})[a-z0-9_]*=("[^"]*"|'[^']*'|[^\\s"';&]+)`,
  url: '\\b[a-z][a-z0-9+.-]{1,30}://[^\\s:@/]{0,200}:([^\\s@]+)@',
  curl: `(?:^|[\\s/])(?:curl|wget)\\s${BETWEEN}(?:-u\\s*|--(?:proxy-)?user(?:\\s+|=)|-U\\s*)["']?[^\\s:]+:([^\\s"']+)`,
  mysql: `(?:^|[\\s/])(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)\\s${BETWEEN}-p([^\\s"']+)`,
  sshpass: '(?:^|[\\s/])sshpass\\s+-p\\s*(\\S+)',
  redis: `(?:^|[\\s/])redis-cli\\s${BETWEEN}-a\\s+(\\S+)`,
  login: `\\slogin\\s${BETWEEN}-p\\s*(\\S+)`,
  header: '\\b(?:proxy-)?authorization["\']?\\s*[:=]\\s*["\']?(?:(?:basic|bearer|token|digest|negotiate)\\s+)?([^\\s"\']+)',
  key: '\\b(?:x-)?(?:api-key|auth-token|vault-token|access-token)["\']?\\s*:\\s*["\']?([^\\s"\']+)',
  cookie: '\\bcookie["\']?\\s*:\\s*([^\\s;]+(?:;\\s*[^\\s;]+)*)',
  jwt: '\\b(eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?)',
  vendor: '\\b((?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|glpat-[\\w-]{16,}|xox[abeprs]-[\\w-]{10,})',
  pem: '-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----([\\s\\S]*?)(?:-----END|$)',
}

/** Patterns whose case tells them from other text. */
const EXACT = new Set(['vendor', 'jwt', 'pem'])

/** The rules that `filter.secrets` puts into force. */
export const SECRET_RULES: readonly RedactionRule[] = Object.entries(PATTERNS).map(([name, text]) => {
  const pattern = new RegExp(text, EXACT.has(name) ? 'dg' : 'dgi')
  const spans = (line: string): Span[] =>
    [...line.matchAll(pattern)].flatMap(({ indices = [] }) => indices.slice(1).filter((span) => span !== undefined))
  return { name: `secrets-${name}`, file: 'built in', line: 1, replacement: '*', spans }
})
