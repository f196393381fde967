import { describe, expect, it } from 'vitest'
import { readIdentities } from './read-identities.ts'

const alice = { account: 'alice@corp', person: 'Alice, the first', team: 'Platform "A"', uid: '7' }

describe('identities of a file', () => {
  it.each([
    ['CSV', 'account,person,team,uid\r\nalice@corp,"Alice, the first","Platform ""A""",7\r\n'],
    [
      'CSV with other columns in another order',
      '\ufeffUID,note,Account,person,team\n7,x,alice@corp,"Alice, the first","Platform ""A"""',
    ],
    ['NDJSON', `${JSON.stringify({ ...alice, changed: '2026-01-01', by: 'x' })}\n\n`],
  ])('are read from %s', (_form, text) => {
    expect(readIdentities(text, 'f')).toEqual([alice])
  })

  it('have line ends in quotes', () => {
    expect(readIdentities('account,person\na,"x\ny"\nb,z\n', 'f')).toMatchObject([{ person: 'x\ny' }, { account: 'b' }])
  })

  it.each([
    ['person,team\nx,y\n', 1],
    ['account,person\na,x\n,y\n', 3],
    ['account,person\na,"x\ny"\n ,y\n', 4],
    ['{"account": "a"}\n{"account": 1}\n', 2],
    ['{"account": "a"}\n{', 2],
    ['', 1],
  ])('%j is refused at line %i', (text, line) => {
    expect(() => readIdentities(text, 'f')).toThrow(
      expect.objectContaining({ code: 'PW-SG-004', message: `Line ${line} of f cannot be used.` }),
    )
  })
})
