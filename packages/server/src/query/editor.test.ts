import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRecordedStore } from '../../testdata/recorded-store.ts'
import { type Served, serve } from '../serve.ts'
import { histogramStep } from './histogram-step.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-editor-'))
let store: Store
let served: Served
let client: Client
let range: { from: string; to: string }

beforeAll(async () => {
  store = await openRecordedStore(join(directory, 'data'))
  served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  client = createClient({ baseUrl: served.url, token: TOKEN })
  const { rows } = await store.reader.query({
    sql: 'SELECT toUnixTimestamp(min(time)), toUnixTimestamp(max(time)) + 1 FROM audit.advaudit',
  })
  const [from, to] = (rows[0] ?? []).map((seconds) => new Date(Number(seconds) * 1000).toISOString()) as [string, string]
  range = { from, to }
})
afterAll(async () => {
  await served.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

async function count(sql: string): Promise<number> {
  const { rows } = await store.reader.query({ sql })
  return Number(rows[0]?.[0])
}

it.each([
  ['kql', 'Commands | where Name == "c'],
  ['sls', 'process.name: c'],
  ['sls', `* | select 1 from log where "process.name" = 'c`],
] as const)('%s: offers the most frequent values there are: %s', async (lang, text) => {
  const { items, from, to } = await client.complete({ lang, text, position: text.length, ...range })
  expect(text.slice(from, to)).toBe('c')
  expect(items.length).toBeGreaterThan(1)
  expect(items.every(({ label, kind }) => label.toLowerCase().startsWith('c') && kind === 'value')).toBe(true)
  const counts = items.map(({ count: n }) => n ?? 0)
  expect(counts).toEqual([...counts].sort((a, b) => b - a))
  const source = lang === 'kql' ? 'audit.commands' : 'audit.advaudit'
  expect(items.find(({ label }) => label === 'cat')?.count).toBe(
    await count(
      `SELECT count() FROM ${source} WHERE name = 'cat' AND time >= toDateTime('${range.from.slice(0, 19)}', 'UTC') AND time < toDateTime('${range.to.slice(0, 19)}', 'UTC')`,
    ),
  )
})

it('answers what the language has', async () => {
  const text = 'Commands | where Us'
  const { items } = await client.complete({ lang: 'kql', text, position: text.length })
  expect(items.find(({ label }) => label === 'User')).toMatchObject({ kind: 'field', detail: 'string' })
  const { hover } = await client.hover({ lang: 'kql', text, position: 3 })
  expect(hover).toMatchObject({ from: 0, to: 8, text: expect.stringContaining('Commands') })
  const { signature } = await client.signature({ lang: 'kql', text: 'print strcat("a", ', position: 18 })
  expect(signature).toMatchObject({ from: 6, to: 12, text: expect.stringContaining('strcat('), argument: 1 })
  const { diagnostics } = await client.diagnose({ lang: 'kql', text: 'Commands | where Usr == 1' })
  expect(diagnostics).toEqual([expect.objectContaining({ from: 17, to: 20, severity: 'error' })])
  expect((await client.format({ lang: 'kql', text: 'Commands|take 1' })).text).toContain('| take 1')
})

it.each([
  ['kql', 'Commands | where Name == "cat" | summarize count() by User', "audit.commands WHERE name = 'cat'"],
  ['kql', 'Commands', 'audit.commands WHERE 1'],
  ['sls', 'kind: Command and process.name: cat | select count(*)', "audit.advaudit WHERE kind = 'Command' AND name = 'cat'"],
  ['sls', '*', 'audit.advaudit WHERE 1'],
] as const)('%s: counts every match by time: %s', async (lang, query, where) => {
  const { buckets, total, stepSeconds } = await client.histogram({ lang, query, ...range, buckets: 20 })
  expect(total).toBe(
    await count(
      `SELECT count() FROM ${where} AND time >= toDateTime('${range.from.slice(0, 19)}', 'UTC') AND time < toDateTime('${range.to.slice(0, 19)}', 'UTC')`,
    ),
  )
  expect(buckets.reduce((sum, one) => sum + one.count, 0)).toBe(total)
  expect(buckets.length).toBeLessThanOrEqual(20)
  for (const [index, { time }] of buckets.slice(1).entries())
    expect(Date.parse(time) - Date.parse(buckets[index]?.time ?? '')).toBe(stepSeconds * 1000)
})

it('tells what is wrong with a histogram in words', async () => {
  expect(await client.histogram({ lang: 'kql', query: 'print 1', ...range })).toMatchObject({ total: 0, buckets: [] })
  await expect(client.histogram({ lang: 'kql', query: 'Commands | where Nmae == 1', ...range })).rejects.toMatchObject({
    code: 'PW-QY-002',
  })
  await expect(client.histogram({ lang: 'sls', query: 'a and (', ...range })).rejects.toMatchObject({ code: 'PW-QY-001' })
  await expect(client.histogram({ lang: 'sls', query: '*', from: range.to, to: range.from })).rejects.toMatchObject({
    code: 'PW-QY-008',
  })
})

it.each([
  [60, 60, 2],
  [59, 60, 1],
  [3600, 60, 120],
  [86_400, 60, 1800],
  [30 * 86_400, 60, 86_400],
  [400 * 86_400, 60, 7 * 86_400],
])('%d seconds in at most %d buckets are cut by %d', (rangeSeconds, most, step) => {
  expect(histogramStep(rangeSeconds, most)).toBe(step)
})

it.each([
  ['kql', 'Commands | where TimeGenerated >= datetime(FIRST) and TimeGenerated < datetime(LAST)', ['from', 'to']],
  ['kql', 'Commands | where TimeGenerated < datetime(LAST)', ['to']],
  ['sls', '__time__ >= FIRSTS and __time__ < LASTS and kind: Command', ['from', 'to']],
] as const)('%s: a time that the query sets counts instead of what is asked for beside it: %s', async (lang, template, ends) => {
  const [start, end] = [Date.parse(range.from), Date.parse(range.to)]
  const [first, last] = [new Date(start + (end - start) / 4), new Date(end - (end - start) / 4)]
  const query = template
    .replace('FIRSTS', String(Math.floor(first.getTime() / 1000)))
    .replace('LASTS', String(Math.floor(last.getTime() / 1000)))
    .replace('FIRST', first.toISOString())
    .replace('LAST', last.toISOString())
  // Beside it a time is asked for in which the query finds nothing.
  const beside = { from: last.toISOString(), to: range.to }
  const both = await client.query({ lang, query, ...beside, limit: 100_000 })
  expect(both.stats.rows).toBe(0)
  expect(both.ownTime).toEqual(ends)
  const answer = await client.query({ lang, query, ...beside, limit: 100_000, ownTimeWins: true })
  const only = await client.query({ lang, query, limit: 100_000, ...(ends.length === 1 ? { from: beside.from } : {}) })
  expect(answer.stats.rows).toBe(only.stats.rows)
  expect(answer.stats.rows > 0).toBe(ends.length === 2)
  const histogram = await client.histogram({ lang, query, ...beside, ownTimeWins: true })
  expect(histogram.total).toBe(answer.stats.rows)
  if (ends.length === 2) expect(histogram.from >= first.toISOString().slice(0, 19)).toBe(true)
})

it('asks by the person, the team and the number that the identity map has for an account', async () => {
  await client.saveIdentities({
    identities: [
      { account: 'mallory', person: "马丽 O'Neil", team: 'Platform', uid: '2071' },
      { account: 'system:*', person: '', team: 'cluster', uid: '' },
      { account: 'system:kube-*', person: '', team: 'control plane', uid: '' },
    ],
  })
  const rowsOf = async (query: string) => (await client.query({ lang: 'kql', query })).rows
  const own = await rowsOf("Commands | where User == 'mallory' | count")
  expect(Number(own[0]?.[0])).toBeGreaterThan(0)
  for (const where of ["Person has '马丽'", "Team == 'Platform'", "AccountUid == '2071'"])
    expect(await rowsOf(`Commands | where ${where} | count`)).toEqual(own)
  expect(await rowsOf("Sessions | where Person startswith '马丽' | distinct User, AccountUid")).toEqual([['mallory', '2071']])
  expect(await rowsOf("Sessions | where Confidence == 'ambiguous' and Person != '' | count")).toEqual([[0]])
  const teams = await rowsOf(
    "KubeAudit | where User startswith 'system:' | summarize by Team, Longest = User startswith 'system:kube-'",
  )
  expect(teams.map(([team, longest]) => `${longest} ${team}`).sort()).toEqual(['false cluster', 'true control plane'])
  expect(await rowsOf('Commands | where isempty(User) | distinct Person, Team')).toEqual([['', '']])
})
