import { Environment } from 'minijinja-js'
import { AlertError, faultLines } from '../alert-error.ts'
import { type ResultRow, valueText } from '../judge-rows.ts'
import { checkTemplate } from './check-template.ts'
import { withoutDollars } from './content-template.ts'

/** Steps a template may take; a loop over a hundred rows needs some thousand. */
const FUEL = 200_000
/** Characters a message may have whatever the channel; what is longer is cut. */
const MAX_OUTPUT = 100_000
/** Characters of one value that a template gets to see. */
const MAX_VALUE = 20_000

/** What a template can name. */
export interface TemplateData {
  readonly alertName: string
  readonly alertTime: string
  readonly severity: string
  readonly queryUrl: string
  readonly alertUrl: string
  readonly alertId: string
  readonly ruleId: string
  readonly reason: string
  readonly project: string
  readonly count: number
  readonly rows: readonly ResultRow[]
  readonly labels: Readonly<Record<string, string>>
}

/**
 * Renders a template. What is missing renders as nothing, what is an object as JSON.
 *
 * @param harmless Makes a value of the data harmless where the message will be shown; addresses of ours pass as they are.
 * @throws AlertError PW-AL-002 for a template that is wrong or does not end.
 */
export function renderTemplate(source: string, data: TemplateData, harmless: (value: string) => string): string {
  const environment = new Environment()
  try {
    environment.undefinedBehavior = 'chainable'
    environment.fuel = FUEL
    environment.debug = false
    return environment.renderStr(withoutDollars(source), contextOf(data, harmless)).slice(0, MAX_OUTPUT)
  } catch (error) {
    const faults = checkTemplate(source)
    const why = faults.length > 0 ? faultLines(faults) : error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new AlertError(
      'PW-AL-002',
      {
        what: 'The template cannot be rendered.',
        why: why ?? '',
        todo: 'Correct it there; `podwitness rules lint` checks it again.',
      },
      faults,
    )
  } finally {
    environment.free()
  }
}

function contextOf(data: TemplateData, harmless: (value: string) => string): object {
  const shown = (value: unknown): string => harmless(valueText(value).slice(0, MAX_VALUE))
  const results = data.rows.map((row) => ({ fire_result: rowContext(row, shown), raw_results: [rowContext(row, shown)] }))
  const alert = {
    ...{ alert_id: data.alertId, alert_name: shown(data.alertName), alert_time: data.alertTime, severity: data.severity },
    ...{ query_url: data.queryUrl, alert_url: data.alertUrl, project: shown(data.project), rule_id: data.ruleId },
    ...{ reason: shown(data.reason), fire_results_count: data.count, results },
    fire_results: results.map(({ fire_result }) => fire_result),
    labels: Object.fromEntries(Object.entries(data.labels).map(([name, value]) => [name, shown(value)])),
  }
  return { ...alert, alert }
}

/** Values by their names, and by those in lower case: fields of SLS are found whatever their case. */
function rowContext(row: ResultRow, shown: (value: unknown) => string): Record<string, string> {
  const entries = Object.entries(row).map(([name, value]) => [name, shown(value)] as const)
  return Object.fromEntries([...entries.map(([name, value]) => [name.toLowerCase(), value] as const), ...entries])
}
