import { Buffer } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

const RECORDED_POLICY = fileURLToPath(new URL('../../../kube/testdata/recorded-policy.yaml', import.meta.url))
const recording = (name: string): string => fileURLToPath(new URL(`../../../../recordings/dev/${name}`, import.meta.url))

async function ask(args: readonly string[], input = '') {
  const { terminal, recorded } = testTerminal({
    input: async function* () {
      yield Buffer.from(input)
    },
  })
  const exit = await run(['policy', ...args], terminal)
  return { exit, ...recorded }
}

const linesOf = (data: string) =>
  data
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

it('lints: place, words, code; exit 1 only when something is found', async () => {
  const bad = await ask(['lint', '-'], 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: Metdata\n')
  expect(bad).toMatchObject({
    exit: 1,
    data: '<stdin>:4:12: error: there is no level "Metdata"; did you mean Metadata? (unknown_level)\n',
  })
  const generated = await ask(['generate', 'entries'])
  expect(await ask(['lint', '-'], generated.data)).toMatchObject({ exit: 0, data: '' })
})

it('explains the rules of a generated policy', async () => {
  const { data } = await ask(['generate', 'cis'])
  const { exit, data: words } = await ask(['explain', '-'], data)
  expect(exit).toBe(0)
  expect(words.split('\n')[4]).toBe(
    '5. line 28: Write who, what, when and the outcome, without bodies, of any request by anybody on anything.',
  )
})

it('refuses a preset that does not exist, naming those that do', async () => {
  const { exit, talk } = await ask(['generate', 'paranoid'])
  expect(exit).toBe(2)
  expect(talk).toContain('minimal, entries, cis, everything')
})

describe('simulate', () => {
  it('gives each recorded event the recorded level, from the log and from the webhook alike', async () => {
    for (const [file, count] of [
      ['apiserver-audit.log.gz', 2591],
      ['webhook.jsonl.gz', 2591],
    ] as const) {
      const { exit, data } = await ask(['simulate', RECORDED_POLICY, recording(file), '--requests'])
      const lines = linesOf(data)
      expect([exit, lines.length]).toEqual([0, count])
      expect(lines.filter(({ level, recordedLevel }) => level !== recordedLevel)).toEqual([])
    }
  })

  it('sums up by rule and says which detections go dark', async () => {
    const { data } = await ask(['simulate', RECORDED_POLICY, recording('apiserver-audit.log.gz'), '--json'])
    const [{ events, written, otherLevel, rules, detections }] = linesOf(data)
    expect([events, written, otherLevel]).toEqual([2591, 2591, 0])
    expect(rules.map(({ rule, requests }: { rule: number; requests: number }) => [rule, requests])).toContainEqual([0, 333])
    const dark = detections.filter(({ state }: { state: string }) => state !== 'sees').map(({ id }: { id: string }) => id)
    expect(dark).toEqual(['webhooks'])
  })

  it('prints a table a person can read', async () => {
    const { data } = await ask(['simulate', RECORDED_POLICY, recording('apiserver-audit.log.gz')])
    expect(data).toContain('2 591 of 2 591 recorded events would be written: 2.3 MB, 100 %')
    expect(data).toMatch(/^dark {4}changed admission webhooks: create mutatingwebhookconfigurations/m)
  })

  it('counts what is no event and goes on', async () => {
    const event = { apiVersion: 'audit.k8s.io/v1', level: 'Metadata', auditID: 'a', stage: 'ResponseComplete', requestURI: '/x' }
    const { exit, talk, data } = await ask(
      ['simulate', RECORDED_POLICY, '-', '--json'],
      `{"broken\n{}\n${JSON.stringify({ ...event, stageTimestamp: '2026-01-01T00:00:00.000000Z' })}\n`,
    )
    expect(exit).toBe(0)
    expect(talk).toContain('1 lines are no audit events (not_json)')
    expect(linesOf(data)[0]).toMatchObject({ events: 1, rejects: { not_json: 1, not_an_event: 1 }, bytesPerDay: null })
  })

  it.each([
    ['a policy with errors', 'rules: []', 'PW-PO-001'],
    ['input without an event', '', 'PW-PO-003'],
  ])('refuses %s', async (_title, yaml, code) => {
    const args = yaml === '' ? ['simulate', RECORDED_POLICY, '-'] : ['simulate', '-', recording('apiserver-audit.log.gz')]
    const { exit, talk } = await ask(args, yaml)
    expect(exit).toBe(1)
    expect(talk).toContain(code)
  })
})
