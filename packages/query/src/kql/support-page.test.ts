import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { supportPage } from './support-page.ts'

it('lists in the reference what the tables hold', () => {
  const page = readFileSync(new URL('../../../../docs/reference/kql.md', import.meta.url), 'utf8')
  expect(page.slice(page.indexOf('**Operators**')).trim()).toBe(supportPage())
})
