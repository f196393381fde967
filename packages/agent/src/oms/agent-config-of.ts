import { stringify } from 'yaml'
import type { Translation } from './translation.ts'

/** The parts of an agent's configuration that say what an `oms-config` said; filters and redaction follow `manage.oms` by themselves. */
export function agentConfigOf({ sources, output, spool, manage, processFilters, rules, redaction }: Translation): string {
  const follows = processFilters.length + rules.length + redaction.rules.length + redaction.missing.length > 0
  const managed = { ...manage, ...(follows ? { oms: '/config/oms-config' } : {}) }
  const parts = {
    ...(sources.length === 0 ? {} : { sources }),
    ...(output === undefined ? {} : { output }),
    ...(Object.keys(spool).length === 0 ? {} : { spool }),
    ...(Object.keys(managed).length === 0 ? {} : { manage: managed }),
  }
  return Object.keys(parts).length === 0 ? '' : stringify(parts)
}
