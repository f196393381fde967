import type { DecodedEvent } from '@podwitness/audit'
import type { NodeAccounts } from '../filter/account-names.ts'
import { droppedBy, type PlaceLookup } from '../filter/event-filter.ts'
import type { FilterRule } from '../filter/filter-rule.ts'
import { ProcessFilters } from '../filter/process-filters.ts'
import type { RedactionRules } from '../filter/redaction-rules.ts'
import { Redactor } from '../filter/redactor.ts'
import type { NodeProblem } from '../node/node-error.ts'
import type { OmsNote } from './oms-note.ts'
import { translateOms } from './translate-oms.ts'

/** Filters and redaction that a watched `oms-config` asks for, beside those of the agent's own configuration. */
export class OmsPolicy {
  readonly #own: RedactionRules | undefined
  readonly #accounts: NodeAccounts
  /** Lines hidden whole by redactors that others have followed. */
  #closedBefore = 0
  #redactor: Redactor | undefined
  #filters: ProcessFilters
  #rules: readonly FilterRule[] = []
  #applied = false

  /** @param own Redaction of the agent's configuration, which always holds. */
  constructor(own: RedactionRules | undefined, accounts: NodeAccounts) {
    this.#own = own
    this.#accounts = accounts
    this.#filters = new ProcessFilters([], accounts)
    this.#redactor = own === undefined ? undefined : new Redactor(own)
  }

  /**
   * Puts files into force; where one is wrong, what was in force before stays, as at a node. With nothing before, what can be
   * read is put into force, and a wrong redaction hides whole command lines.
   */
  apply(files: readonly { readonly name: string; readonly text: string; readonly source: string }[]): NodeProblem[] {
    const { processFilters, rules, redaction, notes } = translateOms(files)
    const wrong = notes.some(({ verdict }) => verdict === 'wrong')
    if (!wrong || !this.#applied) {
      const all = [...(this.#own?.rules ?? []), ...redaction.rules]
      const missing = [...(this.#own?.missing ?? []), ...redaction.missing]
      this.#closedBefore = this.closed
      this.#redactor = all.length + missing.length === 0 ? undefined : new Redactor({ rules: all, missing })
      this.#filters = new ProcessFilters(processFilters, this.#accounts)
      this.#rules = rules
      this.#applied = true
    }
    return notes.flatMap((note) => problemOf(note, files.find(({ name }) => name === note.file)?.source ?? note.file))
  }

  /** Command lines that were hidden whole. */
  get closed(): number {
    return this.#closedBefore + (this.#redactor?.closed ?? 0)
  }

  /** Why an event is left out; undefined where it stays. @param node Whose it is: empty for this node's own. */
  droppedBy(event: DecodedEvent, places: PlaceLookup, node = ''): string | undefined {
    return droppedBy(this.#rules, event, places) ?? this.#filters.droppedBy(event, node)
  }

  /** Arguments that the runtime or /proc tell, with secrets hidden. */
  hide(words: readonly string[]): readonly string[] {
    return this.#redactor?.words(words) ?? words
  }

  /** The event's bytes with secrets hidden; undefined where there are none. */
  redact(event: DecodedEvent): Buffer | undefined {
    if (this.#redactor === undefined) return undefined
    const raw = event.raw()
    const kept = this.#redactor.redact(event, raw)
    return kept === raw ? undefined : kept
  }
}

function problemOf({ line, option, verdict, text }: OmsNote, file: string): NodeProblem[] {
  if (verdict === 'set' || verdict === 'needless') return []
  const wrong = verdict === 'wrong'
  const words = { wrong: 'is wrong', none: 'has no counterpart here', 'by hand': 'is not taken over by itself' }[verdict]
  const severity = wrong ? 'refused' : 'note'
  return [{ code: wrong ? 'PW-ND-022' : 'PW-ND-021', severity, part: 'oms', file, line, message: `${option} ${words}: ${text}` }]
}
