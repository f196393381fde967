import { type DecodedEvent, syscallName } from '@podwitness/audit'
import type { ContainerFact } from '../containers/cri-client.ts'
import type { FilterRule } from './filter-rule.ts'
import { matchesWord } from './word-match.ts'

/** What filters ask about an event's place. */
export interface PlaceLookup {
  containerIdOf(pid: number): string
  container(id: string): ContainerFact | undefined
  /** Name of a user of the node, or the number as text. */
  user(uid: number): string
}

/** The rule that leaves an event out; undefined where it stays. The first rule that fits decides. */
export function droppedBy(rules: readonly FilterRule[], event: DecodedEvent, places: PlaceLookup): string | undefined {
  for (const rule of rules) if (fits(rule, event, places)) return rule.action === 'drop' ? rule.name : undefined
  return undefined
}

/** Whether any rule asks for containers. */
export function asksForContainers(rules: readonly FilterRule[]): boolean {
  return rules.some(({ containers, namespaces }) => containers.length > 0 || namespaces.length > 0)
}

function fits(rule: FilterRule, event: DecodedEvent, places: PlaceLookup): boolean {
  const fit = (words: readonly string[], values: () => readonly string[]): boolean =>
    words.length === 0 || values().some((value) => matchesWord(words, value))
  return (
    fit(rule.types, () => event.recordTypes) &&
    fit(rule.keys, () => event.keys) &&
    fit(rule.exes, () => [event.exe]) &&
    fit(rule.syscalls, () => [syscallName(event.arch, event.syscall) ?? '', String(event.syscall)]) &&
    fit(rule.users, () => [String(event.uid), places.user(event.uid)]) &&
    fitsPlace(rule, event, places)
  )
}

function fitsPlace({ containers, namespaces }: FilterRule, event: DecodedEvent, places: PlaceLookup): boolean {
  if (containers.length === 0 && namespaces.length === 0) return true
  const id = places.containerIdOf(event.pid)
  if (id === '') return false
  const labels = places.container(id)?.labels ?? {}
  const name = labels['io.kubernetes.container.name'] ?? ''
  return (
    (containers.length === 0 ||
      matchesWord(containers, name) ||
      containers.some((word) => word.length >= 8 && id.startsWith(word))) &&
    (namespaces.length === 0 || matchesWord(namespaces, labels['io.kubernetes.pod.namespace'] ?? ''))
  )
}
