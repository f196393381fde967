import { afterAll, beforeAll, expect, it } from 'vitest'
import { addressOf } from '../cluster/store-address.ts'
import { Connection } from '../connection.ts'
import { ClusterLab } from '../testing/cluster-lab.ts'
import { type Conformance, conform } from './conform.ts'
import type { Question } from './question.ts'

const lab = new ClusterLab({ shards: 2 })
beforeAll(() => lab.start())
afterAll(() => lab.close())

async function all(url: string, questions?: readonly Question[]): Promise<Conformance[]> {
  const answers: Conformance[] = []
  for await (const answer of conform({ url, ...(questions === undefined ? {} : { questions }) })) answers.push(answer)
  return answers
}
const databases = async (at: number): Promise<string[]> => {
  const connection = new Connection(addressOf([`http://${lab.host(at)}`], { username: 'admin', password: lab.passwords.admin }))
  const rows = await connection.rows<{ name: string }>('admin', 'SHOW DATABASES', {}, { what: '', otherwise: 'PW-ST-018' })
  await connection.close()
  return rows.map(({ name }) => name).filter((name) => name.startsWith('podwitness') || name === 'audit')
}

it('finds that a server and a cluster do all that is needed, and leaves nothing behind', async () => {
  for (const url of [lab.url(0), lab.clusterUrl]) {
    const answers = await all(url)
    expect(answers.filter(({ ok }) => !ok)).toEqual([])
    expect(answers.length).toBeGreaterThan(9)
  }
  expect([await databases(0), await databases(1)]).toEqual([[], []])
})

it('says what is not as it must be, goes on, and leaves nothing behind', async () => {
  const wrong: Question = { name: 'wrong', ask: () => Promise.reject(new Error('the answer is 1, and must be 2')) }
  const right: Question = { name: 'right', ask: async () => 'well' }
  const answers = await all(lab.url(0), [wrong, right])
  expect(answers.map(({ question, ok, text }) => [question, ok, text])).toEqual([
    ['tables and views are made', true, 'one server'],
    ['wrong', false, 'the answer is 1, and must be 2'],
    ['right', true, 'well'],
    ['the scratch database is gone', true, ''],
  ])
  expect(await databases(0)).toEqual([])
})
