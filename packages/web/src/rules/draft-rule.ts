/**
 * A rule in YAML that asks a query each minute, for somebody to name, weigh and save.
 *
 * @param text The query. It is written as a block with its indentation said, so that no query can end it.
 */
export function draftRule(lang: 'kql' | 'sls' | 'sql', text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n')
  return [
    'id: new-rule',
    'name: New rule',
    'reason: Say why somebody should look at this.',
    'query:',
    `  lang: ${lang}`,
    ...(lang === 'sls' ? ['  stream: advaudit-*'] : []),
    '  window: 1m',
    '  text: |2-',
    ...lines.map((line) => `    ${line}`),
    'check: 1m',
    'trigger: hasData',
    'severity: medium',
    '',
  ].join('\n')
}
