import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query'
import type { Store } from '@podwitness/store'
import { Client, ClientRequestProperties, KustoConnectionStringBuilder } from 'azure-kusto-data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordedStore } from '../../testdata/recorded-store.ts'
import { type Served, serve } from '../serve.ts'

const TOKEN = 'a-token-of-thirty-two-characters'
const directory = mkdtempSync(join(tmpdir(), 'podwitness-clients-'))
let store: Store
let plain: Served
let secure: Served
let cert = ''

/** The vendors' own clients, unchanged, against a listening server: Microsoft's refuses anything but HTTPS. */
beforeAll(async () => {
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '1', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  })
  cert = readFileSync(certFile, 'utf8')
  store = await openRecordedStore(join(directory, 'data'))
  plain = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  secure = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN, tls: { cert, key: readFileSync(keyFile, 'utf8') } })
})
afterAll(async () => {
  await plain.close()
  await secure.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const credential = (token: string) => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) })
const EVER = { startTime: new Date('2000-01-01'), endTime: new Date('2100-01-01') }

function logs(token = TOKEN): LogsQueryClient {
  return new LogsQueryClient(credential(token), { endpoint: secure.url, tlsOptions: { ca: cert } })
}

function kusto(token = TOKEN): Client {
  return new Client(KustoConnectionStringBuilder.withAccessToken(plain.url, token))
}

/** What the server itself knows, to hold the clients' answers against. */
async function count(sql: string): Promise<number> {
  const { rows } = await store.reader.query({ sql })
  return Number(rows[0]?.[0])
}

describe('@azure/monitor-query', () => {
  it('gets typed rows, statistics and the chart', async () => {
    const query = `AKSAudit | where ObjectRef.subresource == "exec" | summarize n = count(), start = min(TimeGenerated) by tostring(User.username)
      | extend bag = dynamic({"a":[1,2]}), big = 9007199254740993, ok = true, span = 90m | sort by n desc | render barchart with (title="who")`
    const answer = await logs().queryWorkspace('dev', query, EVER, { includeQueryStatistics: true, includeVisualization: true })
    if (answer.status !== LogsQueryResultStatus.Success) throw new Error('no answer')
    const [table] = answer.tables
    expect(table?.columnDescriptors.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'User_username:string',
      'n:long',
      'start:datetime',
      'bag:dynamic',
      'big:long',
      'ok:bool',
      'span:timespan',
    ])
    const wanted = await count("SELECT count() FROM audit.events WHERE kind = 'KubeAudit' AND subresource = 'exec'")
    const sum = table?.rows.reduce((all, row) => all + Number(row[1]), 0)
    expect(sum).toBe(wanted)
    expect(wanted).toBeGreaterThan(10)
    expect(table?.rows[0]?.[2]).toBeInstanceOf(Date)
    expect(table?.rows[0]?.slice(3)).toEqual([{ a: [1, 2] }, Number('9007199254740993'), true, '01:30:00'])
    expect(answer.visualization).toMatchObject({ visualization: 'barchart', title: 'who' })
    expect(answer.statistics).toHaveProperty('query.executionTime')
  })

  it('limits an answer to the timespan', async () => {
    const all = await logs().queryWorkspace('podwitness', 'KubeAudit | count', EVER)
    const none = await logs().queryWorkspace('dev', 'KubeAudit | count', { duration: 'PT1S', endTime: new Date('2001-01-01') })
    const rows = [all, none].map((one) =>
      one.status === LogsQueryResultStatus.Success ? one.tables[0]?.rows[0]?.[0] : undefined,
    )
    expect(rows).toEqual([await count("SELECT count() FROM audit.events WHERE kind = 'KubeAudit'"), 0])
  })

  it('is told what is wrong with a query, and where', async () => {
    await expect(logs().queryWorkspace('dev', 'KubeAudit | where Verbb == "get"', EVER)).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadArgumentError',
      message: expect.stringContaining('some invalid properties'),
    })
    const failed = await logs()
      .queryWorkspace('dev', 'KubeAudit | where Verbb == "get"', EVER)
      .catch((error: { details: unknown }) => error.details)
    expect(JSON.stringify(failed)).toContain('Verbb')
    expect(JSON.stringify(failed)).toContain('SEM0100')
  })

  it('is refused without the right token and for a workspace that is none', async () => {
    await expect(logs('wrong').queryWorkspace('dev', 'print 1', EVER)).rejects.toMatchObject({ statusCode: 401 })
    await expect(logs().queryWorkspace('nowhere', 'print 1', EVER)).rejects.toMatchObject({
      statusCode: 404,
      code: 'WorkspaceNotFoundError',
    })
  })

  it('asks several questions at once, each with its own answer', async () => {
    const answers = await logs().queryBatch([
      { workspaceId: 'dev', query: 'print a = 1', timespan: EVER },
      { workspaceId: 'dev', query: 'print nonsense(', timespan: EVER },
      { workspaceId: 'dev', query: 'range x from 1 to 3 step 1 | render timechart', timespan: EVER, includeVisualization: true },
    ])
    expect(answers.map(({ status }) => status)).toEqual(['Success', 'Failure', 'Success'])
    expect(answers[2]).toMatchObject({ tables: [{ rows: [[1], [2], [3]] }], visualization: { visualization: 'timechart' } })
  })

  it('asks about a resource', async () => {
    const resource = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/dev'
    const answer = await logs().queryResource(resource, 'Commands | count', EVER)
    expect(answer).toMatchObject({ status: 'Success' })
  })

  it('gets a cut answer as a partial one', async () => {
    const answer = await logs().queryWorkspace('dev', 'range x from 1 to 500010 step 1', EVER)
    expect(answer.status).toBe(LogsQueryResultStatus.PartialFailure)
    if (answer.status === LogsQueryResultStatus.PartialFailure) expect(answer.partialTables[0]?.rows).toHaveLength(500_000)
  })
})

describe('azure-kusto-data', () => {
  it('gets typed rows over both versions of the API', async () => {
    const query =
      'Commands | summarize n = count(), newest = max(TimeGenerated) | extend span = 1d, bag = dynamic({"k":1}), big = 9007199254740993'
    const two = (await kusto().executeQuery('dev', query)).primaryResults[0]
    const one = (await kusto().executeQueryV1('dev', query)).primaryResults[0]
    for (const table of [one, two]) {
      const [row] = [...(table?.rows() ?? [])]
      expect(table?.columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
        'n:long',
        'newest:datetime',
        'span:timespan',
        'bag:dynamic',
        'big:long',
      ])
      expect(row?.getValueAt(0)).toBe(await count('SELECT count() FROM audit.commands'))
      expect(row?.getValueAt(1)).toBeInstanceOf(Date)
      expect(row?.getValueAt(2)).toBe(86_400_000)
      expect(row?.getValueAt(3)).toEqual({ k: 1 })
    }
  })

  it('binds query parameters and keeps to the options', async () => {
    const properties = new ClientRequestProperties()
    properties.setParameter('who', "'; drop table x --")
    properties.setParameter('n', 7)
    properties.setTimeout(20_000)
    const answer = await kusto().execute(
      'dev',
      'declare query_parameters(who:string, n:long = 1); print who = who, n = n',
      properties,
    )
    expect(answer.primaryResults[0]?.toJSON().data).toEqual([{ who: "'; drop table x --", n: 7 }])
    properties.setOption('truncationmaxrecords', 2)
    await expect(kusto().execute('dev', 'range x from 1 to 5 step 1', properties)).rejects.toThrow(/record count limit/)
  })

  it('is told of faults in the words of the API', async () => {
    const fault = await kusto()
      .execute('dev', 'KubeAudit | where Verbb == "get"')
      .catch((error: { response: { status: number; data: unknown } }) => error.response)
    expect(fault).toMatchObject({
      status: 400,
      data: { error: { code: 'General_BadRequest', '@permanent': true, innererror: { code: 'SEM0100' } } },
    })
    await expect(kusto('wrong').execute('dev', 'print 1')).rejects.toMatchObject({ response: { status: 401 } })
    await expect(kusto().execute('nowhere', 'print 1')).rejects.toMatchObject({ response: { status: 400 } })
  })

  it.each([
    ['.show databases', 'DatabaseName', 'dev'],
    ['.show tables', 'TableName', 'AKSAudit'],
    ['.show tables (Commands, Syslog)', 'TableName', 'Syslog'],
    [".show table ['Heartbeat'] cslschema", 'TableName', 'Heartbeat'],
    ['.show database schema', 'ColumnName', 'TimeGenerated'],
    ['.show databases schema', 'TableName', 'Commands'],
  ])('shows %s', async (command, column, wanted) => {
    const table = (await kusto().execute('dev', command)).primaryResults[0]
    expect(table?.toJSON().data.map((row) => (row as Record<string, unknown>)[column])).toContain(wanted)
  })

  it.each(['.show database schema as json', '.show databases schema as json', ".show databases (['dev']) schema as json"])(
    'describes the tables as JSON: %s',
    async (command) => {
      const [row] = [...((await kusto().execute('dev', command)).primaryResults[0]?.rows() ?? [])]
      const schema = JSON.parse(String(row?.getValueAt(0)))
      expect(schema.Databases.dev.Tables.Syslog.OrderedColumns).toContainEqual({
        Name: 'SyslogMessage',
        Type: 'System.String',
        CslType: 'string',
      })
    },
  )

  it.each(['.drop table Commands', '.show tables | count', '.set x <| print 1', '.create table x (a:int)'])(
    'refuses %s',
    async (command) => {
      await expect(kusto().execute('dev', command)).rejects.toMatchObject({ response: { status: 400 } })
    },
  )
})

describe('over plain HTTP', () => {
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const answer = await fetch(`${plain.url}${path}`, { ...init, headers })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }

  it('every digit of a long is there', async () => {
    const csl = 'print big = 9223372036854775807, small = long(-9007199254740993)'
    const { text } = await ask('/v2/rest/query', { method: 'POST', body: JSON.stringify({ db: 'dev', csl }) })
    expect(text).toContain('[[9223372036854775807,-9007199254740993]]')
  })

  it('has every kind of value as the vendor writes it', async () => {
    const csl =
      'print r1 = real(nan), r2 = real(+inf), r3 = real(-inf), r4 = 0.5, dec = decimal(1.25), span = time(-1.02:03:04.5), bag = dynamic([1,{"a":null}]), id = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), yes = true, none = long(null), empty = "", whole = int(7), at = datetime(2026-01-02 03:04:05.1234567)'
    const kustoBody = { method: 'POST', body: JSON.stringify({ db: 'dev', csl }) }
    const types = [
      'real',
      'real',
      'real',
      'real',
      'decimal',
      'timespan',
      'dynamic',
      'guid',
      'bool',
      'long',
      'string',
      'int',
      'datetime',
    ]
    const row = (bag: unknown) => [
      ...['NaN', 'Infinity', '-Infinity', 0.5, '1.25', '-1.02:03:04.5000000', bag],
      ...['74be27de-1e4e-49d9-b579-fe0b331d3642', true, null, '', 7, '2026-01-02T03:04:05.1234567Z'],
    ]
    const v1 = JSON.parse((await ask('/v1/rest/query', kustoBody)).text).Tables[0]
    expect(v1.Columns.map(({ ColumnType }: { ColumnType: string }) => ColumnType)).toEqual(types)
    expect(v1.Rows).toEqual([row([1, { a: null }])])
    const v2 = JSON.parse((await ask('/v2/rest/query', kustoBody)).text)[2]
    expect(v2.Columns.map(({ ColumnType }: { ColumnType: string }) => ColumnType)).toEqual(types)
    expect(v2.Rows).toEqual([row([1, { a: null }])])
    const logs = await ask('/v1/workspaces/dev/query', { method: 'POST', body: JSON.stringify({ query: csl }) })
    const [table] = JSON.parse(logs.text).tables
    expect(table.columns.map(({ type }: { type: string }) => type)).toEqual(types)
    expect(table.rows).toEqual([row('[1,{"a":null}]')])
  })

  // Source: grafana/azure-data-explorer-datasource, pkg/azuredx: paths, bodies and what its converters take.
  it('answers what Grafana’s plugin for Azure Data Explorer asks', async () => {
    const post = (path: string, body: object) => ask(path, { method: 'POST', body: JSON.stringify(body) })
    const properties = {
      Options: { request_app_name: 'Grafana-ADX', servertimeout: '00:00:30', queryconsistency: 'strongconsistency' },
    }
    const tested = await post('/v1/rest/query', { csl: '.show databases schema', db: '', properties })
    expect(tested.status).toBe(200)
    const named = JSON.parse((await post('/v1/rest/mgmt', { csl: '.show databases' })).text).Tables[0]
    expect(named.Rows.map(([name]: string[]) => name)).toContain('dev')
    const described = JSON.parse((await post('/v1/rest/mgmt', { csl: ".show databases (['dev']) schema as json" })).text)
    expect(JSON.parse(described.Tables[0].Rows[0][0]).Databases.dev.Tables).toHaveProperty('Commands')
    const csl = 'Commands | summarize n = count() by bin(TimeGenerated, 1h) | order by TimeGenerated asc'
    const series = JSON.parse((await post('/v1/rest/query', { csl, db: 'dev', properties, querySource: 'raw' })).text).Tables[0]
    expect(series.Columns.map(({ ColumnType }: { ColumnType: string }) => ColumnType)).toEqual(['datetime', 'long'])
    expect(series.Rows[0][0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{7}Z$/)
    const cut = { options: { truncationmaxrecords: '2' } }
    const shorter = await post('/v1/rest/query', { csl: 'range x from 1 to 5 step 1', db: 'dev', properties: cut })
    expect(JSON.parse(shorter.text).Tables[0].Rows).toEqual([[1], [2]])
    const wrong = await post('/v1/rest/query', { csl: 'Commands | wher', db: 'dev', properties })
    expect(JSON.parse(wrong.text).error['@message']).toContain('Syntax error')
  })

  // Source: grafana/grafana, pkg/tsdb/azuremonitor: loganalytics (GET, the query in the address, no body) and macros (the time filter).
  it('answers what Grafana’s plugin for Azure Monitor asks', async () => {
    const filter =
      "['TimeGenerated'] >= datetime('2000-01-01T00:00:00Z') and ['TimeGenerated'] <= datetime('2100-01-01T00:00:00Z')"
    const asked = (query: string) =>
      ask(
        `/v1/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/dev/query?query=${encodeURIComponent(query)}`,
      )
    const { status, text } = await asked(
      `Commands | where ${filter} | summarize n = count() by bin(TimeGenerated, 1m) | order by TimeGenerated asc`,
    )
    const { tables, error } = JSON.parse(text)
    expect([status, error, tables[0].name]).toEqual([200, undefined, 'PrimaryResult'])
    expect(tables[0].columns).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'n', type: 'long' },
    ])
    expect(tables[0].rows[0][0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{7}Z$/)
    const wrong = await asked('Commands | wher')
    expect([wrong.status, JSON.parse(wrong.text).error.innererror.code]).toEqual([400, 'SyntaxError'])
  })

  it('passes an answer on while it comes, and says in it when the query fails on its way', async () => {
    const csl =
      'range x from 1 to 400000 step 1 | extend y = iff(x < 300000, 1, x - 300000), z = toint(strcat("1", x)) | project x, y'
    const body = { method: 'POST', body: JSON.stringify({ db: 'dev', csl }) }
    const { text } = await ask('/v2/rest/query', body)
    const [, , primary, completion] = JSON.parse(text)
    expect(primary.Rows).toHaveLength(400_000)
    expect(primary.Rows.at(-1)).toEqual([400_000, 100_000])
    expect(completion.TableKind).toBe('QueryCompletionInformation')
    const wide = 'range x from 1 to 400000 step 1 | extend a = strrep("0123456789", 100), b = x | project a, b'
    const cut = JSON.parse((await ask('/v2/rest/query', { method: 'POST', body: JSON.stringify({ db: 'dev', csl: wide }) })).text)
    expect(cut.at(-1)).toMatchObject({ FrameType: 'DataSetCompletion', HasErrors: true })
    expect(cut.at(-1).OneApiErrors[0].error['@message']).toMatch(/limit/i)
    const query = JSON.stringify({ query: wide })
    const logs = JSON.parse((await ask('/v1/workspaces/dev/query', { method: 'POST', body: query })).text)
    expect(logs.error).toMatchObject({ code: 'PartialError', details: [{ message: expect.stringMatching(/limit/i) }] })
    expect(logs.tables[0].rows.length).toBeLessThan(400_000)
  })

  it('lists what runs for it, and ends that by its id', async () => {
    const query =
      'range x from 1 to 1000000 step 1 | extend k = x % 3 | join kind=inner (range y from 1 to 1000000 step 1 | extend k = y % 3) on k | summarize sum(x * y)'
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const running = async () => JSON.parse((await ask('/api/v1/query/running')).text).queries as { id: string; lang: string }[]
    const asked = fetch(`${plain.url}/v1/workspaces/dev/query`, {
      method: 'POST',
      headers: { ...headers, 'x-ms-client-request-id': 'long-one' },
      body: JSON.stringify({ query }),
    })
    await expect.poll(running, { timeout: 20_000 }).toContainEqual(expect.objectContaining({ id: 'long-one', lang: 'kql' }))
    expect(
      (await ask('/v1/rest/mgmt', { method: 'POST', body: JSON.stringify({ csl: '.cancel query "long-one"' }) })).status,
    ).toBe(200)
    const answer = await asked
    expect([answer.status, ((await answer.json()) as { error: { innererror: { code: string } } }).error.innererror.code]).toEqual(
      [400, 'QueryCanceled'],
    )
    expect(await running()).toEqual([])
  })

  it('the query may stand in the address, and the version need not', async () => {
    const query = `query=${encodeURIComponent('print a = 1')}&timespan=P1D`
    for (const path of ['/v1/workspaces/dev/query', '/workspaces/dev/query']) {
      const { status, text } = await ask(`${path}?${query}`)
      expect([status, JSON.parse(text).tables[0].rows]).toEqual([200, [[1]]])
    }
  })

  it('tells its tables', async () => {
    const { tables } = JSON.parse((await ask('/v1/workspaces/dev/metadata')).text) as {
      tables: { name: string; columns: object[] }[]
    }
    expect(tables.find(({ name }) => name === 'Syslog')?.columns).toContainEqual({ name: 'SyslogMessage', type: 'string' })
  })

  it.each([
    ['/v1/workspaces/dev/query', {}, 'The request has no'],
    ['/v1/workspaces/dev/query', { query: 'print 1', timespan: 'yesterday' }, 'is no timespan'],
    ['/v1/workspaces/dev/query', { query: 'print 1', workspaces: 'dev' }, 'must be a list'],
    ['/v1/$batch', { requests: 1 }, 'must be a list'],
    ['/v1/rest/query', { db: 'dev' }, 'has no'],
    ['/v1/rest/query', { db: 'dev', csl: 'print 1', properties: '{' }, 'is not JSON'],
    ['/v1/rest/query', { db: 'dev', csl: 'externaldata(a:string)["http://h"]' }, 'externaldata'],
    ['/v1/workspaces/dev/query', { query: 'cluster("x").database("y").T' }, 'cluster'],
  ])('refuses %s %j with 400', async (path, body, words) => {
    const { status, text } = await ask(path, { method: 'POST', body: JSON.stringify(body) })
    expect(status).toBe(400)
    expect(text.toLowerCase()).toContain(words.toLowerCase())
  })

  it('keeps clusters apart', async () => {
    const body = JSON.stringify({ query: 'KubeAudit | count', workspaces: ['nowhere'] })
    expect((await ask('/v1/workspaces/dev/query', { method: 'POST', body })).status).toBe(404)
  })
})
