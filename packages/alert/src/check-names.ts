import { nearestName } from '@podwitness/query'
import { isSeq, type YAMLMap } from 'yaml'
import type { Rule } from './rule.ts'
import type { YamlReader } from './yaml-reader.ts'

/** Channels and templates that a rule may name. */
export interface KnownNames {
  readonly channels: readonly string[]
  readonly templates: readonly string[]
}

/** Notes a fault at every channel and template a rule names that is not there: such a message would reach nobody. */
export function checkNames(reader: YamlReader, map: YAMLMap, rule: Rule, { channels, templates }: KnownNames): void {
  const list = map.get('notify', true)
  const nodes = isSeq(list) ? list.items : []
  for (const [index, { channel, template }] of rule.notify.entries()) {
    refuse(reader, nodes[index] ?? map, 'channel', channel, channels)
    if (template !== undefined) refuse(reader, nodes[index] ?? map, 'template', template, templates)
  }
  const escalation = rule.escalate?.channel
  if (escalation !== undefined) refuse(reader, map.get('escalate', true) ?? map, 'channel', escalation, channels)
}

function refuse(reader: YamlReader, node: unknown, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const near = nearestName(name, known)
  const listed = known.length === 0 ? `There is none yet.` : `There are: ${known.slice(0, 20).join(', ')}.`
  reader.fault(node, `There is no ${what} "${name}".`, near === undefined ? listed : `Did you mean ${near}?`)
}
