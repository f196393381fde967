import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AKS_QUERIES } from './aks-queries.ts'
import { AKS_STATISTICS } from './aks-statistics.ts'
import { OTHER_QUERIES } from './other-queries.ts'
import { HUNTING_QUERIES } from './queries.ts'
import { readRecording } from './recording.ts'
import { SYSLOG_QUERIES } from './syslog-queries.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-hunting-'))

const ANSWERED = [...AKS_QUERIES, ...AKS_STATISTICS, ...SYSLOG_QUERIES, ...OTHER_QUERIES]

interface Answer {
  readonly id: string
  readonly columns?: readonly { readonly name: string }[]
  readonly rows?: readonly (readonly unknown[])[]
  readonly error?: { readonly code: string; readonly message: string; readonly why: string }
}

/** The built command on a folder of its own. It says with its exit code that some questions have no answer. */
function podwitness(...args: string[]): string {
  const command = [join(ROOT, 'packages/cli/bin/podwitness.mjs'), ...args, '--data', join(folder, 'data'), '-q']
  try {
    return execFileSync(process.execPath, command, {
      encoding: 'utf8',
      cwd: ROOT,
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number }
    if (status !== 1) throw new Error(stderr)
    return stdout
  }
}

const answers = new Map<string, Answer>()
beforeAll(() => {
  podwitness('import', 'recordings/dev', '--cluster', 'lab')
  const questions = join(folder, 'questions.jsonl')
  writeFileSync(
    questions,
    [...HUNTING_QUERIES, ...ANSWERED].map(({ name, query }) => JSON.stringify({ id: name, query })).join('\n'),
  )
  for (const line of podwitness('query', '--lang', 'kql', '--batch', questions).trimEnd().split('\n')) {
    const answer = JSON.parse(line) as Answer
    answers.set(answer.id, answer)
  }
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('queries as packs publish them give what the files of the recording say', () => {
  const recording = readRecording()
  const inOrder = (rows: readonly (readonly unknown[])[] | undefined): string[] | undefined =>
    rows?.map((row) => JSON.stringify(row)).sort()

  it.each(ANSWERED.map((one) => [one.name, one] as const))('%s', (name, { rows }) => {
    expect(answers.get(name)?.error).toBeUndefined()
    expect(inOrder(answers.get(name)?.rows)).toEqual(inOrder(rows(recording)))
  })

  it('has names of its own for each', () => {
    expect(answers.size).toBe(HUNTING_QUERIES.length + ANSWERED.length)
  })
})

describe('queries as hunters write them, over the recording', () => {
  it.each(HUNTING_QUERIES.map(({ name, least }) => [name, least] as const))('%s', (name, least) => {
    const answer = answers.get(name)
    expect(answer?.error).toBeUndefined()
    expect(answer?.columns?.length).toBeGreaterThan(0)
    expect(answer?.rows?.length).toBeGreaterThanOrEqual(least)
  })

  it('puts the command lines of the records together as the decoder does', () => {
    const [, , , line] =
      answers.get('execve put together out of records')?.rows?.find((row) => String(row[3]).startsWith('sleep ')) ?? []
    expect(line).toMatch(/^sleep \S+$/)
  })
})
