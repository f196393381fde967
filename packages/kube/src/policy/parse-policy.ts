import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { nearestWord } from './nearest-word.ts'
import type { AuditPolicy, GroupResources, PolicyProblem, PolicyProblemCode, PolicyRule, Stage } from './policy.ts'
import { LEVELS, STAGES } from './policy.ts'

/** A policy as far as it could be read, and everything kube-apiserver would refuse. */
export interface ParsedPolicy {
  /** Undefined where the file is no policy at all. A rule that has errors is left out of `rules`. */
  readonly policy: AuditPolicy | undefined
  readonly problems: readonly PolicyProblem[]
}

const POLICY_FIELDS = ['apiVersion', 'kind', 'metadata', 'omitStages', 'omitManagedFields', 'rules']
const RULE_FIELDS = [
  'level',
  'users',
  'userGroups',
  'verbs',
  'resources',
  'namespaces',
  'nonResourceURLs',
  'omitStages',
  'omitManagedFields',
]
const GROUP_FIELDS = ['group', 'resources', 'resourceNames']

/** DNS-1123 subdomain, what an API group's name must be (k8s.io/apimachinery, pkg/util/validation). */
const GROUP_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/**
 * Reads an audit.k8s.io/v1 Policy from YAML or JSON.
 *
 * Never throws: what is wrong is in `problems`, with line and column. Checks are kube-apiserver's own
 * (k8s.io/apiserver, pkg/audit/policy/reader.go and pkg/apis/audit/validation/validation.go).
 */
export function parsePolicy(text: string): ParsedPolicy {
  const reader = new PolicyReader(text)
  return { policy: reader.read(), problems: reader.problems }
}

class PolicyReader {
  readonly problems: PolicyProblem[] = []
  readonly #lines = new LineCounter()
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  read(): AuditPolicy | undefined {
    const document = parseDocument(this.#text, { lineCounter: this.#lines, uniqueKeys: true })
    const [broken] = document.errors
    if (broken !== undefined) {
      this.#add('not_yaml', broken.message.split('\n')[0] ?? 'not YAML', broken.pos[0])
      return undefined
    }
    const root = document.contents
    if (!isMap(root)) {
      this.#add('not_a_policy', 'the file holds no mapping; a policy begins with apiVersion: audit.k8s.io/v1', 0)
      return undefined
    }
    this.#checkIdentity(root)
    this.#checkFields(root, POLICY_FIELDS, 'a policy')
    const rules = root.get('rules', true)
    if (!isSeq(rules) || rules.items.length === 0)
      this.#add('no_rules', 'the policy has no rules: kube-apiserver refuses it', root)
    return {
      rules: isSeq(rules) ? rules.items.flatMap((item) => this.#rule(item as Node)) : [],
      omitStages: this.#stages(root),
      omitManagedFields: this.#flag(root, 'omitManagedFields') ?? false,
    }
  }

  #checkIdentity(root: YAMLMap): void {
    const version = root.get('apiVersion')
    const kind = root.get('kind')
    if (kind !== 'Policy')
      this.#add('not_a_policy', `kind is ${JSON.stringify(kind)}; it must be Policy`, this.#key(root, 'kind') ?? root)
    if (version === 'audit.k8s.io/v1') return
    const old = version === 'audit.k8s.io/v1beta1' || version === 'audit.k8s.io/v1alpha1'
    const why = old ? 'Kubernetes 1.24 took it away' : 'it must be audit.k8s.io/v1'
    this.#add('not_a_policy', `apiVersion is ${JSON.stringify(version)}; ${why}`, this.#key(root, 'apiVersion') ?? root)
  }

  /** One rule; none where an error makes its meaning uncertain. */
  #rule(node: Node): PolicyRule[] {
    if (!isMap(node)) {
      this.#add('wrong_type', 'a rule is a mapping that begins with level:', node)
      return []
    }
    this.#checkFields(node, RULE_FIELDS, 'a rule')
    const before = this.#errors()
    const level = this.#level(node)
    const rule = {
      users: this.#texts(node, 'users'),
      userGroups: this.#texts(node, 'userGroups'),
      verbs: this.#texts(node, 'verbs'),
      resources: this.#groups(node),
      namespaces: this.#texts(node, 'namespaces'),
      nonResourceURLs: this.#urls(node),
      omitStages: this.#stages(node),
      omitManagedFields: this.#flag(node, 'omitManagedFields'),
      ...this.#place(node),
    }
    if (rule.nonResourceURLs.length > 0 && rule.resources.length + rule.namespaces.length > 0) {
      this.#add(
        'mixed_targets',
        'one rule cannot be about resources and about non-resource URLs: make two of it',
        this.#key(node, 'nonResourceURLs') ?? node,
      )
    }
    return level === undefined || this.#errors() > before ? [] : [{ level, ...rule }]
  }

  #errors(): number {
    return this.problems.filter(({ severity }) => severity === 'error').length
  }

  #level(rule: YAMLMap): PolicyRule['level'] | undefined {
    const value = rule.get('level')
    if (value === undefined || value === null || value === '') {
      this.#add('no_level', 'the rule has no level', rule)
      return undefined
    }
    const level = LEVELS.find((name) => name === value)
    if (level === undefined) this.#add('unknown_level', oneOf(value, LEVELS, 'level'), rule.get('level', true) ?? rule)
    return level
  }

  #stages(map: YAMLMap): Stage[] {
    return this.#list(map, 'omitStages').flatMap(({ text, node }) => {
      const stage = STAGES.find((name) => name === text)
      if (stage === undefined) this.#add('unknown_stage', oneOf(text, STAGES, 'stage'), node)
      return stage === undefined ? [] : [stage]
    })
  }

  #urls(rule: YAMLMap): string[] {
    return this.#list(rule, 'nonResourceURLs').map(({ text, node }) => {
      if (text !== '*' && !text.startsWith('/')) this.#add('bad_url', `${JSON.stringify(text)} does not begin with /`, node)
      else if (text !== '*' && text.slice(0, -1).includes('*'))
        this.#add('bad_url', `${JSON.stringify(text)}: an asterisk may only be the last character`, node)
      return text
    })
  }

  #groups(rule: YAMLMap): GroupResources[] {
    const list = rule.get('resources', true)
    if (list === undefined || (isScalar(list) && list.value === null)) return []
    if (!isSeq(list)) {
      this.#add('wrong_type', 'resources is a list of {group, resources}', list as Node)
      return []
    }
    return list.items.flatMap((item) => this.#group(item as Node))
  }

  #group(node: Node): GroupResources[] {
    if (!isMap(node)) {
      this.#add('wrong_type', 'an entry of resources is a mapping: - group: ""  resources: ["pods"]', node)
      return []
    }
    this.#checkFields(node, GROUP_FIELDS, 'an entry of resources')
    const group = String(node.get('group') ?? '')
    const resources = this.#texts(node, 'resources')
    const resourceNames = this.#texts(node, 'resourceNames')
    if (group !== '' && !GROUP_NAME.test(group)) this.#add('bad_group', badGroup(group), node.get('group', true) ?? node)
    if (resourceNames.length > 0 && resources.length === 0)
      this.#add('names_without_resources', 'resourceNames needs at least one resource', this.#key(node, 'resourceNames') ?? node)
    return [{ group, resources, resourceNames }]
  }

  #texts(map: YAMLMap, name: string): string[] {
    return this.#list(map, name).map(({ text }) => text)
  }

  /** The texts of a list and where each is. */
  #list(map: YAMLMap, name: string): { text: string; node: Node }[] {
    const list = map.get(name, true)
    if (list === undefined || (isScalar(list) && list.value === null)) return []
    if (!isSeq(list)) {
      this.#add('wrong_type', `${name} is a list: ["…"]`, list as Node)
      return []
    }
    return list.items.flatMap((item) => {
      if (isScalar(item) && typeof item.value === 'string') return [{ text: item.value, node: item }]
      this.#add('wrong_type', `${name} holds texts; put this one in quotes`, item as Node)
      return []
    })
  }

  #flag(map: YAMLMap, name: string): boolean | undefined {
    const value = map.get(name)
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
    this.#add('wrong_type', `${name} is true or false`, this.#key(map, name) ?? map)
    return undefined
  }

  /** kube-apiserver takes a file with unknown fields and ignores them, which can turn a rule about one account into one about all. */
  #checkFields(map: YAMLMap, known: readonly string[], what: string): void {
    for (const { key } of map.items as Pair<Node>[]) {
      const name = isScalar(key) ? String(key.value) : ''
      if (known.includes(name)) continue
      const near = nearestWord(name, known)
      const hint = near === undefined ? 'kube-apiserver ignores it' : `did you mean ${near}?`
      this.#add('unknown_field', `${what} has no field ${JSON.stringify(name)}; ${hint}`, key, 'warning')
    }
  }

  #key(map: YAMLMap, name: string): Node | undefined {
    return (map.items as Pair<Node>[]).find(({ key }) => isScalar(key) && key.value === name)?.key
  }

  #place(at: Node | number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(typeof at === 'number' ? at : (at.range?.[0] ?? 0))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  #add(code: PolicyProblemCode, message: string, at: Node | number, severity: PolicyProblem['severity'] = 'error'): void {
    this.problems.push({ code, severity, message, ...this.#place(at) })
  }
}

function oneOf(value: unknown, words: readonly string[], what: string): string {
  const near = typeof value === 'string' ? nearestWord(value, words) : undefined
  const hint = near === undefined ? `it is one of ${words.join(', ')}` : `did you mean ${near}?`
  return `there is no ${what} ${JSON.stringify(value)}; ${hint}`
}

function badGroup(group: string): string {
  const [name = '', version] = group.split('/')
  if (version !== undefined && GROUP_NAME.test(name)) return `a group goes without its version: write ${JSON.stringify(name)}`
  return `${JSON.stringify(group)} is no API group; the core group is ""`
}
