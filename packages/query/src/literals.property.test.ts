import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advauditCatalog } from './catalog/advaudit-catalog.ts'
import { compile } from './compile.ts'
import type { CompiledQuery } from './compile-request.ts'
import { compileKqlHere } from './kql/compile-kql-here.ts'

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-literals-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Text that would end a string, a comment, a placeholder or a statement, if it ever stood in one. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '\\\\',
        "''",
        '{p1:String}',
        '--',
        '/*',
        '*/',
        ';',
        ')',
        '$1',
        '%',
        '\n',
        '\t',
        '\0',
        'é',
        '容',
        '😀',
        ' OR 1=1',
      ),
      fc.string({ unit: CHARACTER, maxLength: 4 }),
    ),
    { maxLength: 6 },
  )
  // Lone surrogates are no text: they cannot be sent.
  .map((parts) => `zq9${parts.join('').toWellFormed()}`)

/** A literal of KQL. Source: Kusto documentation, "The string data type": escapes as in C, or verbatim with doubled quotes. */
const kqlLiterals: readonly ((text: string) => string)[] = [
  (text) => `'${[...text].map(escaped).join('')}'`,
  (text) => `"${[...text].map(escaped).join('')}"`,
]
const escaped = (one: string): string =>
  /[\w ]/.test(one)
    ? one
    : [...Array(one.length).keys()].map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
const slsLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`

describe('a value never becomes text of the statement', () => {
  const forms: readonly ((literal: string) => string)[] = [
    (literal) => `print x = ${literal}`,
    (literal) => `Commands | where User == ${literal} or CommandLine contains ${literal} or Exe startswith ${literal}`,
    (literal) => `Commands | where CommandLine has ${literal} | extend a = strcat(User, ${literal}) | project a`,
    (literal) => `Commands | where User in (${literal}, "b") or User =~ ${literal} | summarize countif(Exe == ${literal})`,
    (literal) => `let f = (s:string) { Commands | where User == s }; f(${literal}) | take 1`,
    (literal) => `datatable(a:string)[${literal}] | join kind=inner (print a = ${literal}) on a`,
  ]

  it('in KQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...forms), fc.constantFrom(...kqlLiterals), hostile, async (form, literal, text) => {
        const { sql, params } = await compileKqlHere({ text: form(literal(text)) })
        expect(sql).not.toContain('zq9')
        expect(JSON.stringify(params)).toContain('zq9')
      }),
      { numRuns: 60 },
    )
  })

  it('as a query parameter of KQL', async () => {
    const text = 'declare query_parameters(v:string); Commands | where User == v'
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const { sql, params } = await compileKqlHere({ text, parameters: { v: value } })
        expect(sql).not.toContain('zq9')
        expect(Object.values(params)).toContain(value)
      }),
      { numRuns: 40 },
    )
  })

  const searches: readonly ((text: string) => string)[] = [
    // A wildcard at the start of a word is refused, not searched for.
    (text) => `"${text.replace(/[*?]/g, '').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    (text) => `process.name: "${text.replace(/[*?]/g, '').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    (text) => `process.cmdline:#"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    (text) => `* | select * from log where "process.name" = ${slsLiteral(text)} or kind like ${slsLiteral(text)}`,
    (text) =>
      `* | select concat(kind, ${slsLiteral(text)}), regexp_replace(kind, 'a', ${slsLiteral(text.replaceAll('$', ''))}) from log`,
    (text) =>
      `* | select json_extract(k8s, '$.user'), split_to_map(kind, ${slsLiteral(text)}, ${slsLiteral(text)}) as m from log where kind in (${slsLiteral(text)})`,
    (text) => `* | where kind = ${slsLiteral(text)} | extend a = ${slsLiteral(text)} | project a`,
  ]

  it('in SLS', () => {
    fc.assert(
      fc.property(fc.constantFrom(...searches), hostile, (form, text) => {
        const { sql, params } = compile({ lang: 'sls', text: form(text), catalog: advauditCatalog })
        expect(sql).not.toContain('zq9')
        expect(JSON.stringify(params)).toContain('zq9')
      }),
      { numRuns: 100 },
    )
  })

  it('as the name of a cluster', async () => {
    const clusters = ["zq9' OR 1=1 --"]
    const compiled: CompiledQuery[] = [
      await compileKqlHere({ text: 'Commands', clusters }),
      compile({ lang: 'sls', text: '*', clusters, catalog: advauditCatalog }),
    ]
    for (const { sql } of compiled) expect(sql).not.toContain('zq9')
  })
})

describe('a value comes back from the engine as it was written', () => {
  const texts = (): string[] => fc.sample(hostile, { numRuns: 60, seed: 7 })
  const first = async ({ sql, params }: CompiledQuery): Promise<unknown[]> => {
    const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
    return [...(rows[0] ?? [])]
  }

  it('in KQL', async () => {
    const all = texts()
    const list = all.map((text, index) => `c${index} = ${kqlLiterals[index % 2]?.(text)}`)
    expect(await first(await compileKqlHere({ text: `print ${list.join(', ')}` }))).toEqual(all)
  })

  it('in SLS', async () => {
    const all = texts()
    const list = all.map((text, index) => `${slsLiteral(text)} as c${index}`)
    expect(
      await first(
        compile({
          lang: 'sls',
          text: `* | select ${list.join(', ')} from (select count(*) as n from log)`,
          catalog: advauditCatalog,
        }),
      ),
    ).toEqual(all)
  })
})

describe('nothing is read from elsewhere', () => {
  it.each([
    'externaldata(a:string)["http://h/x"]',
    'Commands | join kind=inner (externaldata(a:string)["http://h/x"]) on $left.User == $right.a',
    'cluster("c").database("d").T | take 1',
    'database("other").Commands | take 1',
    'external_table("t") | take 1',
    'workspace("w").Syslog | take 1',
    'Commands | evaluate http_request("http://h")',
    'Commands | evaluate sql_request("s", "select 1")',
    'Commands | evaluate python(typeof(*), "x")',
  ])('KQL refuses %s', async (text) => {
    await expect(compileKqlHere({ text })).rejects.toMatchObject({ name: 'QueryError' })
  })

  it.each([
    "* | select * from url('http://h')",
    '* | select * from system.tables',
    "* | select file('/etc/passwd')",
    "* | select dictGet('a', 'b', 1)",
    '* | insert into log values (1)',
    '* | where 1 = 1 | project x = url(kind)',
  ])('SLS refuses %s', (text) => {
    expect(() => compile({ lang: 'sls', text, catalog: advauditCatalog })).toThrow(
      expect.objectContaining({ name: 'QueryError' }),
    )
  })
})
