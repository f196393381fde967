import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { slsSupportPage } from './support-page.ts'

it('lists in the reference what the tables hold', () => {
  const page = readFileSync(new URL('../../../../docs/reference/sls.md', import.meta.url), 'utf8')
  expect(page.slice(page.indexOf('## Functions')).trim()).toBe(slsSupportPage())
})
