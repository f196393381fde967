import { expect, it } from 'vitest'
import { tailLine } from './tail-lines.ts'

const plain = (_colour: string, text: string) => text
const at = { TimeGenerated: '2026-11-21T02:14:29.000Z' }

it.each([
  [
    {
      ...at,
      CommandLine: 'curl -s http://x',
      Namespace: 'prod',
      Pod: 'web-1',
      Container: 'app',
      User: 'alice',
      Risk: 2,
      OnHost: false,
    },
    '02:14:29  run      prod/web-1·app                alice             curl -s http://x  medium',
  ],
  [
    { ...at, CommandLine: 'nsenter', Node: 'n1', User: '', Confidence: 'ambiguous', Risk: 4, OnHost: true },
    '02:14:29  run !!   n1                            ? several         nsenter  critical',
  ],
  [
    {
      ...at,
      Kind: 'KubeAudit',
      Verb: 'create',
      Resource: 'pods',
      Subresource: 'exec',
      ObjectNamespace: 'prod',
      ObjectName: 'web-1',
      User: 'bob',
    },
    '02:14:29  api      prod/web-1                    bob               create pods/exec',
  ],
  [
    { ...at, CommandLine: 'echo \x1b[2J\u202e\n', User: 'a\rb' },
    '02:14:29  run      -                             a\\x0db            echo \\x1b[2J\\u202e\\x0a',
  ],
])('writes row %# on one line', (row, line) => {
  expect(tailLine(row, true, plain)).toBe(line)
})
