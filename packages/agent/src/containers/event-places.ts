import type { DecodedEvent } from '@podwitness/audit'
import type { ContainerFact } from './cri-client.ts'
import type { ProcFiles } from './proc-files.ts'
import { isRuntime, type ProcessTable } from './process-table.ts'

/** Labels that kubelet gives to what it asks a runtime for. Source: kubernetes, pkg/kubelet/types/labels.go. */
const LABELS = {
  namespace: 'io.kubernetes.pod.namespace',
  pod: 'io.kubernetes.pod.name',
  podUid: 'io.kubernetes.pod.uid',
  container: 'io.kubernetes.container.name',
} as const

/**
 * Says which container and pod acted, of events that are no program starts: files, network, modules, mounts, seccomp. Program
 * starts are placed by the server, which knows their whole lineage.
 */
export class EventPlaces {
  readonly #processes: ProcessTable
  readonly #proc: ProcFiles
  readonly #container: (id: string) => ContainerFact | undefined
  readonly #texts = new WeakMap<ContainerFact, string>()

  constructor(parts: { processes: ProcessTable; proc: ProcFiles; container(id: string): ContainerFact | undefined }) {
    this.#processes = parts.processes
    this.#proc = parts.proc
    this.#container = parts.container
  }

  /** The place of an event's process as a line has it, JSON; undefined on the host, and where it is not known. */
  placeOf(event: DecodedEvent): string | undefined {
    if (event.pid <= 0 || event.argumentList() !== undefined) return undefined
    const id = this.#containerIdOf(event)
    if (id === '') return undefined
    const fact = this.#container(id)
    if (fact === undefined) return JSON.stringify({ containerId: id })
    const text = this.#texts.get(fact) ?? placeText(fact)
    this.#texts.set(fact, text)
    return text
  }

  #containerIdOf(event: DecodedEvent): string {
    const { pid, ppid, timeMs } = event
    const known = this.#processes.get(pid)
    // A record of seccomp names no parent, so nothing in it tells that the pid is still the same process's: /proc does.
    const sure = ppid >= 0
    if (known !== undefined && sure && (known.containerId !== '' || known.asked === true)) return known.containerId
    const containerId = this.#proc.place(pid, timeMs).containerId
    if (containerId === '' && !sure) return known?.containerId ?? ''
    this.#processes.set(pid, { ppid: known?.ppid ?? ppid, containerId, asked: true, runtime: isRuntime(event.comm) })
    return containerId
  }
}

function placeText({ id, labels, image }: ContainerFact): string {
  const names = Object.entries(LABELS).map(([name, label]) => [name, labels[label] ?? ''] as const)
  return JSON.stringify({ containerId: id, ...Object.fromEntries(names), image })
}
