import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { errorTable } from './error-table.ts'
import { errorsPage } from './errors-page.ts'
import { routesPage } from './routes-page.ts'
import { commandReference } from './run.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Codes that the sources of all packages hold, tests left out. */
function usedCodes(): string[] {
  const packages = join(ROOT, 'packages')
  const files = readdirSync(packages).flatMap((name) =>
    readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.endsWith('-errors.ts'))
      .map((path) => join(packages, name, 'src', path)),
  )
  return files.flatMap((path) => readFileSync(path, 'utf8').match(/PW-[A-Z]{2}-\d{3}/g) ?? [])
}

it('has every code that is used, and no other', () => {
  const used = new Set(usedCodes())
  expect(used.size).toBeGreaterThan(30)
  expect(Object.keys(errorTable).sort()).toEqual([...used].sort())
})

it('says of each what happened, why and what to do', () => {
  for (const [code, { title, why, todo }] of Object.entries(errorTable)) {
    expect([code, title, why, todo].every((text) => text.length > 5)).toBe(true)
    expect(why.endsWith('.') && todo.endsWith('.')).toBe(true)
  }
})

it.each([
  ['errors', errorsPage],
  ['cli', commandReference],
  ['api', routesPage],
])('docs/reference/%s.md is what the code declares (node scripts/docs.mjs writes it)', async (name, page) => {
  expect(readFileSync(join(ROOT, `docs/reference/${name}.md`), 'utf8')).toBe(await page())
})
