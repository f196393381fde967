import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@podwitness/api'
import { editQuery } from '@podwitness/query'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from '../serve.ts'
import { runQuery } from './run-query.ts'
import { SavedFunctions } from './saved-functions.ts'

const directory = mkdtempSync(join(tmpdir(), 'podwitness-functions-'))
let store: Store
const ask = async (text: string, mayChange = true) => (await runQuery(store, { lang: 'kql', text, mayChange })).rows

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

it('saves functions, calls them from queries and from each other, and drops them', async () => {
  const [row] = await ask(
    `.create-or-alter function with (folder="math", docstring='twice the number') Twice(x:long, n:long = 2) {
  x * n // a comment with )
}`,
  )
  expect(row).toEqual(['Twice', '(x:long, n:long = 2)', '{ x * n // a comment with ) }', 'math', 'twice the number'])
  await ask('.create function Numbers(t:(v:long), least:long) { t | where v >= least | extend w = Twice(v) }')
  expect(await ask('print Twice(4), Twice(4, n=3)')).toEqual([[8, 12]])
  expect(await ask('let T = range v from 1 to 3 step 1; T | invoke Numbers(2)')).toEqual([
    [2, 4],
    [3, 6],
  ])
  expect(await ask('let Twice = (x:long) { x * 100 }; print Twice(1)')).toEqual([[100]])
  expect((await ask('.show functions | project Name, Folder'))[1]).toEqual(['Twice', 'math'])
  expect(await ask('.show function Numbers | count')).toEqual([[1]])
  await ask('.alter function Twice(x:long) { x * 20 }')
  expect(await ask('print Twice(4)')).toEqual([[80]])
  await ask('.create function ifnotexists Twice(x:long) { x }')
  expect(await ask('print Twice(4)')).toEqual([[80]])
  expect(await ask('.drop function Numbers')).toHaveLength(1)
  await ask('.drop function Numbers ifexists')
  await expect(ask('.drop function Numbers')).rejects.toMatchObject({ code: 'PW-QY-002' })
})

it.each<[string, string, number]>([
  ['.create function Twice(x:long) { x }', 'PW-QY-005', 1],
  ['.alter function Other(x:long) { x }', 'PW-QY-002', 17],
  ['.create function Commands() { print 1 }', 'PW-QY-005', 1],
  ['.create function Wrong(x:long) { Nothing | where a == x }', 'PW-QY-006', 34],
  ['.create function Wrong(x:long) { x', 'PW-QY-001', 32],
  ['.create function Wrong', 'PW-QY-001', 23],
  ['.create table T(a:string)', 'PW-QY-006', 1],
])('refuses %s', async (text, code, column) => {
  await ask('.create-or-alter function Twice(x:long) { x * 20 }')
  await expect(ask(text)).rejects.toMatchObject({ code, column })
})

it('refuses circles and people without the right', async () => {
  await ask('.create-or-alter function A(x:long) { x }')
  await ask('.create-or-alter function B(x:long) { A(x) }')
  await expect(ask('.alter function A(x:long) { B(x) }')).rejects.toThrow(/circle/)
  await expect(ask('.drop function A', false)).rejects.toMatchObject({ code: 'PW-QY-006' })
  expect(await ask('print B(1)', false)).toEqual([[1]])
})

it('shows them to an editor and to clients of Kusto', async () => {
  await ask('.create-or-alter function Twice(x:long) { x * 20 }')
  const functions = await new SavedFunctions(store).all()
  const list = await editQuery({ task: 'complete', lang: 'kql', text: 'print Twi', functions })
  expect(list.items.find(({ label }) => label.startsWith('Twice'))?.kind).toBe('function')
  expect(await editQuery({ task: 'diagnose', lang: 'kql', text: 'print Twice(1)', functions })).toEqual([])
  const token = 'a-token-of-thirty-two-characters'
  const served = await serve(store, { host: '127.0.0.1', port: 0, token })
  try {
    expect((await createClient({ baseUrl: served.url, token }).query({ lang: 'kql', query: 'print Twice(2)' })).rows).toEqual([
      [40],
    ])
    const post = async (csl: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const reply = await fetch(`${served.url}/v1/rest/mgmt`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ db: 'podwitness', csl }),
      })
      return JSON.stringify(await reply.json())
    }
    expect(await post('.create-or-alter function Thrice(x:long) { x * 3 }')).toContain('Thrice')
    expect(await post('.show functions')).toContain('{ x * 3 }')
    expect(await post('.show database schema as json')).toContain('Thrice')
  } finally {
    await served.close()
  }
})

it('stands where a table would', async () => {
  await ask('.create-or-alter function Few() { range v from 1 to 3 step 1 }')
  expect(await ask('Few | count')).toEqual([[3]])
  expect(await ask('Few() | where v > 2')).toEqual([[3]])
})
