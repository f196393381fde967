import { ServerConfig } from './server-config.ts'

/** An option of the configuration, and the environment variable that goes before it. */
export interface ConfigOption {
  readonly path: readonly string[]
  /** `PODWITNESS_INTAKE_LISTEN` for `intake.listen`. */
  readonly env: string
  /** What the variable holds: text as it is, names with commas between them, or YAML. */
  readonly form: 'text' | 'number' | 'true or false' | 'list' | 'YAML'
  readonly description: string
}

/** As much of a JSON schema as is looked at. */
interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

/** Every option outside of lists, in the order of the schema. */
export function configOptions(): readonly ConfigOption[] {
  return optionsIn(JSON.parse(JSON.stringify(ServerConfig)) as Schema, [])
}

function optionsIn(schema: Schema, path: readonly string[]): ConfigOption[] {
  if (schema.type === 'object' && schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, inner]) => optionsIn(inner, [...path, name]))
  return [{ path, env: envName(path), form: formOf(schema), description: describe(schema) }]
}

function envName(path: readonly string[]): string {
  return `PODWITNESS_${path.map((word) => word.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_')}`
}

function formOf({ type, items }: Schema): ConfigOption['form'] {
  if (type === 'string') return 'text'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'true or false'
  return type === 'array' && items?.type === 'string' ? 'list' : 'YAML'
}

function describe({ description = '', enum: words, minimum, maximum }: Schema): string {
  const range = minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}.`
  const among = words === undefined ? '' : `${words.map((word) => `\`${word}\``).join(', ')}.`
  return [description, among, range].filter((part) => part !== '').join(' ')
}
