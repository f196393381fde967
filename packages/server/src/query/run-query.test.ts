import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runQuery } from './run-query.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-run-query-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

it.each<[string, string, string, number, number]>([
  ['range x from 1 to 100000000 step 1 | count', 'PW-QY-010', 'a million rows', 1, 1],
  [
    'datatable(s:string, r:string)["a", "a", "b", "("]\n| extend y = 1\n| extend z = s matches regex r\n| where z',
    'PW-QY-010',
    'regular expression',
    3,
    3,
  ],
  ['datatable(k:string, d:dynamic)["old", dynamic({"k":"new"})]\n| evaluate bag_unpack(d)', 'PW-QY-010', 'columnsConflict', 2, 3],
  ['print x = todecimal("1e39") | extend y = x * x | extend z = y * y', 'PW-QY-010', 'decimal', 1, 31],
])('says where data stop %s', async (text, code, words, line, column) => {
  const error = await runQuery(store, { lang: 'kql', text }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code, line, column })
  expect(String(error)).toContain(words)
})
