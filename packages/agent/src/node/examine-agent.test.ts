import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveHealth } from '../health/metrics-server.ts'
import { examineAgent } from './examine-agent.ts'

let measures: Record<string, number> = {}
let problems: string[] = []
let url = ''
let server: Awaited<ReturnType<typeof serveHealth>>
beforeAll(async () => {
  server = await serveHealth({ measures: () => measures, problems: () => problems }, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

it.each<[string, Record<string, number>, string[], string[]]>([
  ['nothing', { events_total: 7 }, [], ['ok left-out none of 7 events was left out by a rule']],
  [
    'what rules left out, names that are one metric together',
    {
      events_total: 100,
      'left_out_a-b_total': 3,
      left_out_a_b_total: 2,
      'left_out_process_filters.0_total': 40,
      redacted_total: 4,
    },
    [],
    ['ok left-out 45 of 100 events were left out: process_filters_0 40, a_b 5', 'ok redaction text of 4 events was hidden'],
  ],
  [
    'a rule that leaves nearly nothing',
    { events_total: 100, left_out_all_total: 99 },
    [],
    ['warn left-out 99 of 100 events were left out: all 99'],
  ],
  [
    'lines hidden whole, not read, dropped',
    {
      redacted_total: 9,
      redacted_whole_total: 8,
      'rejects_syslog.no_record_total': 2,
      spool_high_dropped_total: 5,
      spool_bulk_dropped_total: 0,
    },
    [],
    [
      'ok left-out none of 0 events was left out by a rule',
      'warn redaction 8 command lines were hidden whole: a demanded rule is missing, or a pattern took too long',
      'warn rejects lines without a record: syslog_no_record 2',
      'warn spool lines dropped as the spool was full: high 5',
    ],
  ],
  [
    'complaints',
    {},
    ['disk: state has 2 % left'],
    ['bad agent disk: state has 2 % left', 'ok left-out none of 0 events was left out by a rule'],
  ],
])('tells %s', async (_what, counts, complaints, told) => {
  measures = counts
  problems = complaints
  expect((await examineAgent(url)).map(({ verdict, id, text }) => `${verdict} ${id} ${text}`)).toEqual(told)
})

it.each(['http://127.0.0.1:1', 'no url'])('does not take a missing agent for a fault: %s', async (nowhere) => {
  expect(await examineAgent(nowhere)).toEqual([
    expect.objectContaining({ verdict: 'ok', text: `none answers at ${nowhere}: what it leaves out cannot be told` }),
  ])
})
