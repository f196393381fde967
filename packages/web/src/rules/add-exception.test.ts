import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { addException, exceptionOf } from './add-exception.ts'

it.each<[string, object[]]>([
  ['id: a\nname: b\n', []],
  ['id: a\nexcept: []\nname: b\n', []],
  ['id: a\nexcept: [{user: x}]\nname: b\n', [{ user: 'x' }]],
  ['id: a\nexcept: [ {user: x},\n  {user: y}]\nname: b\n', [{ user: 'x' }, { user: 'y' }]],
  ['id: a\nexcept:\n  - user: x\n    ns: y\nname: b\n', [{ user: 'x', ns: 'y' }]],
  ['id: a\nexcept:\n- {user: x}\nname: b # kept\n', [{ user: 'x' }]],
])('%j gets one more exception and keeps the rest', (yaml, known) => {
  const exception = { 'k8s.user.username': 'ci "bot": #1', ns: '[stg]' }
  const { except, ...rest } = parse(addException(yaml, exception)) as Record<string, unknown>
  expect(except).toHaveLength(known.length + 1)
  expect(except).toEqual(expect.arrayContaining([exception, ...known]))
  expect(rest).toEqual({ id: 'a', ...(yaml.includes('name') ? { name: 'b' } : {}) })
  expect(parse(addException(addException(yaml, exception), { ns: 'two' }))).toMatchObject({
    except: expect.arrayContaining([exception, { ns: 'two' }]),
  })
})

it.each([
  [
    { time: 't', 'k8s.user.username': 'ci', 'k8s.pod.namespace': 'stg' },
    { 'k8s.user.username': 'ci', 'k8s.pod.namespace': 'stg' },
  ],
  [{ user: '', node: 'n1' }, { node: 'n1' }],
  [{ volume: 'log', share: 3 }, { volume: 'log' }],
])('rows like %j are known by %j', (row, expected) => {
  expect(exceptionOf(row)).toEqual(expected)
})
