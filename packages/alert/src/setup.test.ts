import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ruleDocuments } from './rule-documents.ts'

const at = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const GUIDE = at('../../../rules/setups/ack-container-audit.yaml')
const QUERY = "query: {lang: sql, text: 'SELECT 1'}"
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

describe('the set-up of the guide as one file', () => {
  it('has the webhook, both templates and both rules as they are printed', async () => {
    const { documents, templates, channels, faults } = await ruleDocuments(GUIDE, { known: { channels: [], templates: [] } })
    expect(faults).toEqual([])
    expect(channels).toEqual([expect.objectContaining({ id: 'ack-container-operation-audit-alert', type: 'dingtalk' })])
    expect(channels[0]?.options).not.toHaveProperty('at') // 不提醒
    expect(templates.map(({ body }) => inOneLine(body))).toEqual(
      ['enter', 'run-danger-cmd'].map((name) => inOneLine(at(`../testdata/${name}.printed.txt`))),
    )
    expect(templates[0]?.title).toBe('KubernetesKubernetes容器内部操作审计告警')
    const shipped = await ruleDocuments(at('../../../rules/ack-container-audit.yaml'))
    expect(documents.map(({ rule }) => ({ ...rule, notify: [] }))).toEqual(shipped.documents.map(({ rule }) => rule))
    expect(documents.map(({ rule }) => [rule.severity, rule.check, rule.query.windowMs, rule.hours, rule.enabled])).toEqual([
      ['report', { everyMs: 60_000 }, 60_000, undefined, true],
      ['medium', { everyMs: 60_000 }, 60_000, undefined, true],
    ])
    for (const { rule, yaml } of documents) expect((await ruleDocuments(yaml)).documents).toEqual([{ rule, yaml }])
  })

  it('names a block that is not closed with line and column, and closes it on request', async () => {
    const broken = GUIDE.replace('  {% endif -%}\n', '')
    const { faults } = await ruleDocuments(broken)
    expect(faults).toEqual([
      {
        line: broken.split('\n').findIndex((line) => line.startsWith('  {% if')) + 1,
        ...{ column: 3, message: '{% if %} is never closed: {% endif %} is missing.', hint: expect.stringContaining('repaired') },
      },
    ])
    const repaired = await ruleDocuments(broken, { repair: true })
    expect(repaired.faults).toEqual([])
    expect(inOneLine(repaired.templates[0]?.body ?? '')).toBe(inOneLine(at('../testdata/enter.printed.txt')))
  })
})

it('names the place of a fault in a template that is not written as a block', async () => {
  const { faults } = await ruleDocuments('kind: template\nid: t\ntitle: a\nbody: "a\\nb {% if x %}"\n')
  expect(faults).toEqual([
    expect.objectContaining({ line: 4, column: 7, message: expect.stringMatching(/^In the body, line 2, column 3: /) }),
  ])
})

it.each<[string, string, string]>([
  ['notify: [dign]', 'There is no channel "dign".', 'Did you mean ding?'],
  ['notify: [{channel: ding, template: entre}]', 'There is no template "entre".', 'Did you mean enter?'],
  ['escalate: {after: 5m, channel: bos}', 'There is no channel "bos".', 'Did you mean boss?'],
  ['escalate: {after: 5m, channel: somebody-else}', 'There is no channel "somebody-else".', 'There are: ding, boss.'],
])('%s is a fault at its place', async (line, message, hint) => {
  const known = { channels: ['ding', 'boss'], templates: ['enter'] }
  const { faults } = await ruleDocuments(`id: a\n${QUERY}\n${line}\n`, { known })
  expect(faults).toEqual([{ line: 3, column: expect.any(Number), message, hint }])
  expect((await ruleDocuments(`id: a\n${QUERY}\n${line}\n`)).faults).toEqual([])
})

it('reads channels and templates of the same text, and says what is wrong with them', async () => {
  const channel = 'kind: channel\nid: w\ntype: webhook\noptions: {url: "https://h/"}\n'
  const rule = `id: a\n${QUERY}\nnotify: [w]\n`
  const known = { channels: [], templates: [] }
  expect((await ruleDocuments(`${channel}---\n${rule}`, { known })).faults).toEqual([])
  expect((await ruleDocuments(`${rule}---\n${channel}`, { known })).documents[0]?.yaml).toBe(rule)
  const wrong = await ruleDocuments(`${channel.replace('webhook', 'webhok')}---\n${channel}---\nkind: chanel\nid: x\n`, { known })
  expect(wrong.faults.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
    expect.stringContaining('Did you mean webhook?'),
    expect.stringContaining('used twice'),
    expect.stringContaining('Did you mean channel?'),
    expect.stringContaining('A rule has a query'),
  ])
})
