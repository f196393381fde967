import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readState, type StoreState, VERSION } from '@podwitness/server'
import type { Store, StoreHealth } from '@podwitness/store'
import type { AddCommand } from '../add-command.ts'
import { type Context, dataFolder } from '../context.ts'
import { failureOf } from '../failure.ts'
import { MISSING_TEXT } from '../missing-text.ts'
import { clockText } from '../text/clock-text.ts'
import type { Colour } from '../text/colours.ts'
import { countText, sizeText } from '../text/size-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

/** One thing that was looked at. */
interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly subject: string
  readonly text: string
}

/** Free space under which the engine soon refuses to write, bytes. */
const LITTLE_SPACE = 1e9
const COLOURS: Readonly<Record<Finding['state'], Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' }

/** `podwitness doctor`: the platform, the store, the data, and what is missing. */
export const doctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .description('look for what is wrong or missing')
    .option('--json', 'NDJSON, one finding a line')
    .action((flags: { json?: boolean }, command) => run(command, (context) => examine(context, flags.json === true)))
}

async function examine(context: Context, json: boolean): Promise<void> {
  const findings = [platform(), ...(await storeFindings(context))]
  for (const finding of findings) {
    const { state, subject, text } = finding
    const line = `${context.paint(COLOURS[state], state.padEnd(5))} ${subject.padEnd(9)} ${visibleText(text)}`
    await context.terminal.write(`${json ? JSON.stringify(finding) : line}\n`)
  }
  if (findings.some(({ state }) => state !== 'ok')) context.exit = 1
}

function platform(): Finding {
  const { platform: system, arch, version } = process
  return { state: 'ok', subject: 'platform', text: `podwitness ${VERSION}, Node.js ${version}, ${system} ${arch}` }
}

async function storeFindings(context: Context): Promise<Finding[]> {
  const folder = dataFolder(context)
  if (context.options.store === undefined && !existsSync(join(folder, 'clickhouse')))
    return [{ state: 'warn', subject: 'data', text: `none in ${folder}: ${MISSING_TEXT['no-data']}` }]
  try {
    return await withStore(context, 'folder', examineStore)
  } catch (error) {
    const { code, what, why, todo } = failureOf(error)
    return [{ state: 'fail', subject: 'store', text: `${code} ${[what, why, todo].join(' ')}` }]
  }
}

async function examineStore(store: Store): Promise<Finding[]> {
  const health = await store.health()
  const state = await readState(store)
  return [...healthFindings(store.kind, health), ...dataFindings(state)]
}

function healthFindings(kind: Store['kind'], health: StoreHealth): Finding[] {
  const { version, schema, diskFreeBytes, diskTotalBytes, detachedParts, textIndex } = health
  const findings: Finding[] = [
    { state: 'ok', subject: 'store', text: `${kind} engine ${version}, schema ${schema}` },
    {
      state: diskFreeBytes < LITTLE_SPACE ? 'warn' : 'ok',
      subject: 'disk',
      text: `${sizeText(diskFreeBytes)} of ${sizeText(diskTotalBytes)} free`,
    },
  ]
  if (detachedParts > 0)
    findings.push({
      state: 'fail',
      subject: 'store',
      text: `${detachedParts} broken parts are set aside: rows are missing from answers`,
    })
  if (!textIndex)
    findings.push({ state: 'warn', subject: 'store', text: 'the engine has no text index: searches for words are slower' })
  return findings
}

function dataFindings({ counts, sessions, oldest, newest, missing, imports, retentionDays }: StoreState): Finding[] {
  const kinds = Object.entries(counts).map(([kind, count]) => `${countText(count)} ${kind}`)
  const findings: Finding[] = missing.map((code) => ({ state: 'warn', subject: 'data', text: MISSING_TEXT[code] }))
  if (kinds.length > 0) {
    const span = `${clockText(oldest ?? '', true)} to ${clockText(newest ?? '', true)} UTC`
    findings.unshift({
      state: 'ok',
      subject: 'data',
      text: `${kinds.join(', ')}, ${countText(sessions)} sessions; ${span}; kept ${retentionDays} days`,
    })
  }
  for (const { path } of imports.filter(({ state }) => state === 'running'))
    findings.push({ state: 'warn', subject: 'import', text: `${path} was not imported to its end: import it again` })
  return findings
}
