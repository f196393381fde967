import { expect, it } from 'vitest'
import { type SetUpFacts, stepStates } from './set-up-steps.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const source = (intake: string, lastDay: number, state: 'off' | 'waiting' | 'receiving' = 'waiting') => ({
  ...{ intake, state, addresses: [], lastReceived: null, lastHour: 0, lastDay, refused: [] },
})
const token = (kind: 'join' | 'apiserver', state: 'valid' | 'used') => ({
  ...{ id: 'x', kind, cluster: 'c', name: '', created: '', expires: '', reusable: false, state },
})
const node = (lastHeard: string) => ({ cluster: 'c', node: 'n', lastHeard, boot: 'b', counters: {}, facts: {} })
const NOTHING: SetUpFacts = {
  sources: { intakeOn: false, sources: [], rejectsFolder: '' },
  senders: { available: true, intakeOn: false, authority: '', tokens: [], certificates: [] },
  nodes: [],
  channels: 0,
  tested: 0,
  named: 0,
  nowMs: NOW,
}
const states = (facts: Partial<SetUpFacts>) => Object.values(stepStates({ ...NOTHING, ...facts })).join(' ')

it.each<[string, Partial<SetUpFacts>, string]>([
  ['nothing was done', {}, 'open open open open open open open'],
  [
    'a token waits for its node',
    { sources: { ...NOTHING.sources, intakeOn: true }, senders: { ...NOTHING.senders, tokens: [token('join', 'valid')] } },
    'done done open open open open open',
  ],
  ['a channel was added and took nothing yet', { channels: 1 }, 'open open open open open open waiting'],
  ['a node was heard long ago', { nodes: [node('2026-11-21T11:00:00Z')] }, 'open open waiting open open open open'],
  ['a node is heard and no command came', { nodes: [node('2026-11-21T11:59:30Z')] }, 'open open done waiting open open open'],
  [
    'an API server has a token and sends nothing',
    { senders: { ...NOTHING.senders, tokens: [token('apiserver', 'valid')] } },
    'open open open open waiting open open',
  ],
  [
    'both arrive and nobody entered a container',
    { sources: { ...NOTHING.sources, sources: [source('agents', 5), source('apiserver-webhook', 7)] } },
    'open open open done done waiting open',
  ],
  [
    'everything is there',
    {
      sources: { intakeOn: true, sources: [source('agents', 5), source('apiserver-log', 7)], rejectsFolder: '' },
      senders: { ...NOTHING.senders, tokens: [token('join', 'valid')] },
      nodes: [node('2026-11-21T11:59:30Z')],
      channels: 1,
      tested: 1,
      named: 3,
    },
    'done done done done done done done',
  ],
])('when %s', (_what, facts, expected) => expect(states(facts)).toBe(expected))
