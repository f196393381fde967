import { type Found, queryString } from '@podwitness/api'
import { kqlText } from '../hunt/kql-literal.ts'
import { dateTimeText } from '../time/clock-text.ts'
import type { PlainWord, Words } from '../words/catalogue.ts'
import type { Choice } from './choice.ts'

const KIND_WORDS = {
  session: 'session',
  event: 'event',
  alert: 'alert',
  account: 'account',
  pod: 'pod',
} as const satisfies Record<Found['kind'], PlainWord>

/** An id that was typed stands before everything; a name as far up as it is like what was typed. */
const ID_SCORE = 1000
const NAME_SCORES = { same: 900, begins: 450, other: 250 } as const

/** What the server found under a text, as lines of the palette. */
export function foundChoices(found: readonly Found[], typed: string, words: Words, go: (address: string) => void): Choice[] {
  return found.map((one, at) => ({
    id: `found ${one.kind} ${one.namespace}/${one.id}`,
    label: one.namespace === '' ? one.id : `${one.namespace}/${one.id}`,
    recorded: true,
    kind: KIND_WORDS[one.kind],
    hint: hintOf(one, words),
    score: scoreOf(one, typed.trim()) - at / 100,
    run: () => go(addressOf(one)),
  }))
}

function scoreOf({ kind, id, namespace }: Found, typed: string): number {
  if (kind !== 'account' && kind !== 'pod') return ID_SCORE
  const name = typed.includes('/') && kind === 'pod' ? `${namespace}/${id}` : id
  return name === typed ? NAME_SCORES.same : name.startsWith(typed) ? NAME_SCORES.begins : NAME_SCORES.other
}

function hintOf({ detail, time, sessions }: Found, words: Words): string {
  const parts = [detail, sessions > 0 ? words.sessionsOf(sessions) : '', time === null ? '' : dateTimeText(time)]
  return parts.filter((part) => part !== '').join(' · ')
}

/** Where it is looked at: an account or pod that nobody entered anything with has requests and nothing more. */
function addressOf({ kind, id, namespace, sessions }: Found): string {
  const part = encodeURIComponent(id)
  if (kind === 'session') return `/s/${part}`
  if (kind === 'event') return `/e/${part}`
  if (kind === 'alert') return `/alerts/${part}`
  if (kind === 'account') {
    if (sessions > 0) return `/sessions${queryString({ range: 'all', user: id })}`
    return `/hunt${queryString({ range: 'all', q: `KubeAudit\n| where User == ${kqlText(id)}` })}`
  }
  if (sessions > 0) return `/sessions${queryString({ range: 'all', namespace, pod: id })}`
  const where = `Namespace == ${kqlText(namespace)} and Pod == ${kqlText(id)}`
  return `/hunt${queryString({ range: 'all', q: `Commands\n| where ${where}` })}`
}
