import { parseRedactionRules } from '../filter/redaction-rules.ts'
import { translateAuoms } from './translate-auoms.ts'
import { translateDirectives } from './translate-directives.ts'
import type { Translation } from './translation.ts'

/**
 * Translates the files of aks-auditd's ConfigMap `oms-config`: of auoms (auoms.conf, outconf.d, redact.d) and of the OMS
 * agent. A file is known by its content. Never throws: every line that means nothing here has a note that says so.
 */
export function translateOms(files: readonly { readonly name: string; readonly text: string }[]): Translation {
  const into: Translation = {
    ...{ processFilters: [], rules: [], sources: [], output: undefined, spool: {}, manage: {}, notes: [] },
    redaction: { rules: [], missing: [] },
  }
  const secrets = files.filter(isRedaction)
  const { faults, ...redaction } = parseRedactionRules(secrets)
  for (const fault of faults) into.notes.push({ ...fault, option: 'regex', verdict: 'wrong' })
  for (const { name, file, line } of redaction.rules)
    into.notes.push({ file, line, option: 'regex', verdict: 'set', text: `redaction ${name}` })
  // A rule that cannot be read hides whole command lines: what it was to hide is not known.
  into.redaction = { rules: redaction.rules, missing: [...redaction.missing, ...faults.map(({ file }) => file)] }
  for (const { name, text } of files.filter((file) => !secrets.includes(file))) {
    if (/^\s*<\w+/m.test(text)) translateDirectives(name, text, into)
    else translateAuoms(name, asAssignments(text), into)
  }
  return into
}

function isRedaction({ name, text }: { readonly name: string; readonly text: string }): boolean {
  return name.endsWith('.requires') || /^\s*regex\s*=/m.test(text)
}

/** A file of process filters alone is JSON. */
function asAssignments(text: string): string {
  return text.replace(/^(\s*)\[/, '$1process_filters = [')
}
