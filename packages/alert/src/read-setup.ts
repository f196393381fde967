import type { YAMLMap } from 'yaml'
import { AlertError } from './alert-error.ts'
import type { ChannelSpec } from './channel.ts'
import { checkNames, type KnownNames } from './check-names.ts'
import { checkChannel } from './read-channel.ts'
import { readRule } from './read-rule.ts'
import type { Rule } from './rule.ts'
import { checkTemplate, repairTemplate } from './templates/check-template.ts'
import type { ContentTemplate } from './templates/content-template.ts'
import type { TextFault } from './text-fault.ts'
import { YamlReader } from './yaml-reader.ts'

/** What a document may be; one that does not say is a rule. */
export const SETUP_KINDS = ['rule', 'template', 'channel'] as const

/** Rules, templates and channels of one text: a whole set-up of alerts as a file. */
export interface Setup {
  readonly rules: readonly Rule[]
  readonly templates: readonly ContentTemplate[]
  readonly channels: readonly ChannelSpec[]
  readonly faults: TextFault[]
}

export interface SetupOptions {
  /** Names that are saved already. Where they are given, a rule that tells a channel nobody has is a fault. */
  readonly known?: KnownNames | undefined
  /** Closes blocks of templates that were never closed, instead of calling that a fault. */
  readonly repair?: boolean | undefined
}

/** Reads a set-up, and notes everything that is wrong with it; queries are not compiled here. */
export function readSetup(text: string, { known, repair = false }: SetupOptions = {}): Setup {
  const reader = new YamlReader(text)
  const rules: { rule: Rule; map: YAMLMap }[] = []
  const templates: ContentTemplate[] = []
  const channels: ChannelSpec[] = []
  const seen = new Set<string>()
  for (const map of reader.documents) {
    const kind = reader.word(nodeOf(map, 'kind'), SETUP_KINDS, 'rule')
    const { id } =
      kind === 'rule'
        ? keep(rules, { map, rule: readRule(reader, map) }).rule
        : kind === 'template'
          ? keep(templates, readTemplate(reader, map, repair))
          : keep(channels, readChannelDocument(reader, map))
    if (seen.has(`${kind} ${id}`)) reader.fault(map, `The identifier "${id}" is used twice.`)
    seen.add(`${kind} ${id}`)
  }
  if (known !== undefined) {
    const all = {
      channels: [...known.channels, ...channels.map(({ id }) => id)],
      templates: [...known.templates, ...templates.map(({ id }) => id)],
    }
    for (const { rule, map } of rules) checkNames(reader, map, rule, all)
  }
  return { rules: rules.map(({ rule }) => rule), templates, channels, faults: reader.faults }
}

/** Rules of a text, and all that is wrong with it. */
export function readRules(text: string): { rules: readonly Rule[]; faults: TextFault[] } {
  const { rules, faults } = readSetup(text)
  return { rules, faults }
}

function keep<One>(list: One[], one: One): One {
  list.push(one)
  return one
}

const nodeOf = (map: YAMLMap, key: string) => (map.get(key, true) ?? undefined) as never

function readTemplate(reader: YamlReader, map: YAMLMap, repair: boolean): ContentTemplate {
  const fields = reader.fields(map, ['kind', 'id', 'name', 'title', 'body'])
  const id = reader.text(fields.get('id'), '')
  if (id === '') reader.fault(map, 'A template has an id.')
  const part = (name: 'title' | 'body'): string => {
    const node = fields.get(name)
    const source = reader.text(node, '')
    if (source === '') reader.fault(node ?? map, `A template has a ${name}.`)
    const wanted = repair ? repairTemplate(source) : source
    for (const fault of checkTemplate(wanted)) reader.faultWithin(node ?? map, fault, name)
    return wanted
  }
  return { id, name: reader.text(fields.get('name'), id), title: part('title'), body: part('body') }
}

function readChannelDocument(reader: YamlReader, map: YAMLMap): ChannelSpec {
  const fields = reader.fields(map, ['kind', 'id', 'name', 'type', 'options'])
  const id = reader.text(fields.get('id'), '')
  const options = reader.texts(fields.get('options'))
  const spec = { id, name: reader.text(fields.get('name'), id), type: reader.text(fields.get('type'), ''), options }
  try {
    checkChannel(spec)
  } catch (error) {
    if (!(error instanceof AlertError)) throw error
    reader.fault(map, error.why)
  }
  return spec
}
