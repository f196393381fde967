import { expect, it } from 'vitest'
import { inChinese, STATEMENT_NAMES, state } from './statements.ts'

const VALUES = { ms: 37, n: 3, s: '2.0', client: 'ctr', uid: 1001, name: 'nsenter', id: 's9', text: 'planned work, until noon' }

it.each(STATEMENT_NAMES)('%s is read back from its English form and said in Chinese', (name) => {
  const english = state(name, VALUES)
  expect(english).not.toMatch(/[{}]/)
  const chinese = inChinese(english)
  expect(chinese).toMatch(/\p{Script=Han}/u)
  expect(chinese).not.toMatch(/[{}]/)
  for (const value of Object.values(VALUES).map(String)) expect(chinese.includes(value)).toBe(english.includes(value))
})

it('keeps the program in front of a reason', () => {
  expect(inChinese(`rm: ${state('riskyProgram', { name: 'rm', n: 29 })}`)).toBe('rm：rm 是 29 个风险程序之一')
})

it.each(['', 'something else', 'note: something else', 'started soon after the request'])('leaves %j as it is', (text) => {
  expect(inChinese(text)).toBe(text)
})
