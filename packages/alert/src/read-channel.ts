import { nearestName } from '@podwitness/query'
import { AlertError } from './alert-error.ts'
import type { ChannelSpec } from './channel.ts'
import { CHANNEL_TYPES } from './channels/index.ts'
import { IDENTIFIER } from './read-rule.ts'

/**
 * Checks a channel's set-up.
 *
 * @throws AlertError PW-AL-003 with every fault in words.
 */
export function checkChannel(spec: ChannelSpec): ChannelSpec {
  const faults: string[] = []
  if (!IDENTIFIER.test(spec.id)) faults.push('An identifier has letters, digits, dots, dashes and underscores.')
  const type = CHANNEL_TYPES[spec.type]
  if (type === undefined) {
    const near = nearestName(spec.type, Object.keys(CHANNEL_TYPES))
    const help = near === undefined ? `There are ${Object.keys(CHANNEL_TYPES).join(', ')}.` : `Did you mean ${near}?`
    faults.push(`There is no channel type "${spec.type}". ${help}`)
  } else {
    const known = Object.keys(type.options)
    for (const name of Object.keys(spec.options)) {
      const near = nearestName(name, known)
      if (!known.includes(name))
        faults.push(`"${name}" is no option of ${spec.type}.${near === undefined ? '' : ` Did you mean ${near}?`}`)
    }
    for (const [name, { required }] of Object.entries(type.options))
      if (required && (spec.options[name] ?? '') === '') faults.push(`${spec.type} needs ${name}.`)
    const url = spec.options.url ?? ''
    if (url !== '' && !url.startsWith('env:') && !/^https?:\/\/[^\s]+$/.test(url))
      faults.push('url begins with http:// or https://.')
  }
  if (faults.length > 0)
    throw new AlertError('PW-AL-003', {
      what: `The channel ${spec.id} is not set up right.`,
      why: faults.join(' '),
      todo: 'docs/reference/alerts.md lists every type with its options.',
    })
  return spec
}

/** The set-up without what nobody may see again. */
export function withoutSecrets(spec: ChannelSpec): ChannelSpec {
  const options = Object.entries(spec.options).map(([name, value]) => {
    const secret = CHANNEL_TYPES[spec.type]?.options[name]?.secret !== false
    return [name, secret && value !== '' && !value.startsWith('env:') ? '***' : value] as const
  })
  return { ...spec, options: Object.fromEntries(options) }
}
