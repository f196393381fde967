import { advauditCatalog } from '../catalog/advaudit-catalog.ts'
import { FUNCTION_FAMILIES } from '../functions/index.ts'
import { REFUSED_FAMILIES, REFUSED_FUNCTIONS } from '../functions/refused-functions.ts'
import { PIPELINE_STEPS } from './parse-pipeline.ts'

const ticked = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

/** The part of docs/reference/sls.md that lists what there is, made from the tables the compiler works by. */
export function slsSupportPage(): string {
  const families = Object.entries(FUNCTION_FAMILIES).map(
    ([family, table]) => `**${family}**: ${ticked(Object.keys(table).sort())}.`,
  )
  const refused = [
    ...Object.entries(REFUSED_FUNCTIONS).map(([name, reason]) => [`\`${name}\``, reason]),
    ...Object.entries(REFUSED_FAMILIES).map(([prefix, reason]) => [`\`${prefix}*\` that are not above`, reason]),
  ]
  const fields = advauditCatalog.logstore.fields.map(({ name, type }) => `\`${name}\` (${type})`)
  return [
    '## Functions',
    ...families,
    '**Written in a way of their own**: `compare`, `ts_compare`, `time_series`, `grouping`, `cast`, `try_cast`, `try`, `extract`, `position`.',
    `**Steps of SPL**: ${ticked([...PIPELINE_STEPS])}.`,
    '## What is refused, and why',
    `| function | reason |\n|---|---|\n${refused.map(([name, reason]) => `| ${name} | ${reason} |`).join('\n')}`,
    '## Fields',
    `${fields.join(', ')}.`,
  ].join('\n\n')
}
