import { expect, it } from 'vitest'
import { identityLookup, identityText } from './identity-of.ts'

const one = (account: string, person = '', team = '') => ({ account, person, team, uid: '' })

it('finds the account itself before its beginnings, and the longest of those', () => {
  const find = identityLookup([
    one('system:*', 'a'),
    one('system:serviceaccount:ci:*', 'b'),
    one('system:serviceaccount:ci:x', 'c'),
    one('*odd', 'd'),
  ])
  const names = ['system:serviceaccount:ci:x', 'system:serviceaccount:ci:y', 'system:node:1', 'alice', '*odd', 'toString']
  expect(names.map((name) => find(name)?.person)).toEqual(['c', 'b', 'a', undefined, 'd', undefined])
})

it('says what is known', () => {
  expect(identityText(one('x', 'Alice', 'Platform'))).toBe('Alice · Platform')
  expect(identityText(one('x', '', 'Platform'))).toBe('Platform')
  expect(identityText(one('x'))).toBe('')
})
