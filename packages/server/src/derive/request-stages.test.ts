import { expect, it } from 'vitest'
import { mergeStages, readStage } from './request-stages.ts'

const stage = (raw: string) => readStage('c', { eventId: raw.slice(0, 8), timeMs: 0, raw, encoding: '' })
const legacy = (name: string): string =>
  `2026-11-21T03:00:00Z AUDIT: id="a" stage="${name}" ip="192.0.2.7" method="create" user="alice" groups="<none>" as="<self>" asgroups="<lookup>" user-agent="kubectl" namespace="shop" uri="/api/v1/namespaces/shop/pods/web-1/exec?command=id&container=web" response="101"`

it('takes the legacy text of a request, and claims no end that it does not know', () => {
  const stages = ['ResponseStarted', 'ResponseComplete'].map(legacy).map(stage)
  expect(mergeStages(stages.filter((one) => one !== null))).toMatchObject({
    kind: 'exec',
    user: 'alice',
    pod: 'web-1',
    command: ['id'],
    status: 101,
    receivedMs: 1_795_230_000_000,
    startedMs: 0,
    completedMs: 0,
  })
  expect(stage(legacy('ResponseComplete').replace('/exec?', '/log?'))).toBeNull()
  expect(stage('no line')).toBeNull()
})
