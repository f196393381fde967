/** Title and body of a message, in Jinja2 with the `${…}` variables of SLS. */
export interface ContentTemplate {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly body: string
}

/** Variables that are written `${name}`. */
export const DOLLAR_VARIABLES = [
  'alert_name',
  'alert_time',
  'severity',
  'query_url',
  'alert_url',
  'alert_id',
  'rule_id',
  'reason',
  'project',
] as const

/** Makes `{{ name }}` of the variables that are known; other `${…}` stay as text. */
export function withoutDollars(source: string): string {
  return source.replace(/\$\{\s*(\w+)\s*\}/g, (whole, name: string) =>
    (DOLLAR_VARIABLES as readonly string[]).includes(name) ? `{{ ${name} }}` : whole,
  )
}
