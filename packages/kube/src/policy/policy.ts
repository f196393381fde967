/** How much of a request is written. Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go. */
export const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const
export type Level = (typeof LEVELS)[number]

/** When in a request's life an event is written. Source: the same. */
export const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const
export type Stage = (typeof STAGES)[number]

/** Resources of one API group that a rule is about; no resources means every resource of the group. */
export interface GroupResources {
  readonly group: string
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
}

/** One rule: a request that matches every list that is not empty gets its level. */
export interface PolicyRule {
  readonly level: Level
  readonly users: readonly string[]
  readonly userGroups: readonly string[]
  readonly verbs: readonly string[]
  readonly resources: readonly GroupResources[]
  readonly namespaces: readonly string[]
  readonly nonResourceURLs: readonly string[]
  readonly omitStages: readonly Stage[]
  /** Undefined where the policy's own setting counts. */
  readonly omitManagedFields: boolean | undefined
  /** Where the rule begins in the file, both from 1. */
  readonly line: number
  readonly column: number
}

/** An audit.k8s.io/v1 Policy: the first rule that matches decides. */
export interface AuditPolicy {
  readonly rules: readonly PolicyRule[]
  readonly omitStages: readonly Stage[]
  readonly omitManagedFields: boolean
}

/** What is wrong or unwise in a policy; each is a label that scripts may rely on. */
export type PolicyProblemCode =
  | 'not_yaml'
  | 'not_a_policy'
  | 'unknown_field'
  | 'wrong_type'
  | 'no_rules'
  | 'no_level'
  | 'unknown_level'
  | 'unknown_stage'
  | 'mixed_targets'
  | 'bad_url'
  | 'bad_group'
  | 'names_without_resources'
  | 'never_matches'
  | 'unknown_verb'
  | 'unknown_resource'
  | 'shadowed'
  | 'no_catch_all'
  | 'secrets_in_log'
  | 'anonymous_dropped'
  | 'detection_dark'
  | 'entry_dropped'
  | 'entry_verb_missing'
  | 'entry_stage_omitted'
  | 'outcome_omitted'
  | 'everything_in_full'

/** One finding, where it is and what to do about it in words. */
export interface PolicyProblem {
  readonly code: PolicyProblemCode
  /** `error`: kube-apiserver refuses the file, or evidence is lost that nothing else has. `warning`: something is unwise or does nothing. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}
