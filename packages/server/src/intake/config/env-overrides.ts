import { isRecord } from '@podwitness/kube'
import { parse } from 'yaml'
import { type ConfigOption, configOptions } from './config-options.ts'

/** A configuration with what the environment says. */
export interface Overridden {
  readonly json: unknown
  /** Variables that were taken, by the path of their option. */
  readonly taken: readonly ConfigOption[]
  readonly faults: readonly { readonly env: string; readonly path: string; readonly message: string }[]
}

/** Puts what the environment says before what the file says. A variable that is empty is not there. */
export function withEnv(file: unknown, env: Readonly<Record<string, string | undefined>>): Overridden {
  const taken: ConfigOption[] = []
  const faults: Overridden['faults'][number][] = []
  let json = file
  for (const option of configOptions()) {
    const text = env[option.env]
    if (text === undefined || text === '') continue
    const value = readValue(option, text)
    if (value === undefined) faults.push({ env: option.env, path: option.path.join('.'), message: `It is no ${option.form}.` })
    else {
      json = withValue(json, option.path, value)
      taken.push(option)
    }
  }
  return { json, taken, faults }
}

function readValue({ form }: ConfigOption, text: string): unknown {
  if (form === 'text') return text
  if (form === 'number') return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  if (form === 'true or false') return text === 'true' ? true : text === 'false' ? false : undefined
  if (form === 'list')
    return text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
  try {
    return parse(text, { maxAliasCount: 0 }) ?? undefined
  } catch {
    return undefined
  }
}

function withValue(json: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const around = isRecord(json) ? json : {}
  return { ...around, [name]: rest.length === 0 ? value : withValue(around[name], rest, value) }
}
