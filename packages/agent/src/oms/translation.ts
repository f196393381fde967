import type { FilterRule } from '../filter/filter-rule.ts'
import type { ProcessFilter } from '../filter/process-filter.ts'
import type { RedactionRules } from '../filter/redaction-rules.ts'
import type { OmsNote } from './oms-note.ts'

/** What `oms-config` means here. */
export interface Translation {
  /** In force as they are. */
  readonly processFilters: ProcessFilter[]
  readonly rules: FilterRule[]
  redaction: RedactionRules
  /** For the agent's configuration: where records come from and go is not changed behind its back. */
  readonly sources: Record<string, unknown>[]
  output: Record<string, unknown> | undefined
  readonly spool: Record<string, number>
  readonly manage: Record<string, string>
  readonly notes: OmsNote[]
}
