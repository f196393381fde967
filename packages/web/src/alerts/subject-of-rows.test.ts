import { expect, test } from 'vitest'
import { subjectOf } from './subject-of-rows.ts'

test.each([
  [[], []],
  [[{ n: 3 }], []],
  [[{ 'k8s.user.username': '' }], []],
  [
    [
      { 'k8s.user.username': 'mallory', 'k8s.pod.name': 'web', 'process.cmdline': 'id' },
      { 'k8s.user.username': 'mallory', 'k8s.pod.name': 'db', 'process.cmdline': 'id' },
    ],
    [['mallory'], ['web', 'db'], ['id']],
  ],
  [[{ User: 'bob', Namespace: 'shop', Pod: 'web' }], [['bob'], ['web']]],
  [[{ User: 'bob', Namespace: 'shop' }], [['bob'], ['shop']]],
])('subject of rows %#', (rows, parts) => expect(subjectOf(rows)).toEqual(parts))
