import type { Migration } from '../migration.ts'

/** The index of `tables.ts` tells case; people mostly search without. Parts that are there already get theirs in the background. */
function anyCase(column: string): (readonly string[])[] {
  const add = `ALTER TABLE audit.events ADD INDEX IF NOT EXISTS ix_${column}_any lower(${column}) TYPE`
  return [
    [`${add} text(tokenizer = splitByNonAlpha)`, `${add} tokenbf_v1(32768, 3, 0) GRANULARITY 1`],
    [`ALTER TABLE audit.events MATERIALIZE INDEX ix_${column}_any`],
  ]
}

export const wordsInAnyCase: Migration = {
  version: 8,
  name: 'words-in-any-case',
  statements: [...anyCase('cmdline'), ...anyCase('message')],
}
