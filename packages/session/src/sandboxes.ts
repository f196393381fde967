import type { ContainerIndex } from './container-index.ts'
import type { Lineage } from './lineage.ts'
import { basename } from './names.ts'

/**
 * Names of RuntimeClasses whose programs run under a kernel of their own: gVisor (`gvisor`, handler `runsc`), Kata
 * Containers (`kata`, `kata-qemu`, `kata-mshv-vm-isolation`, …), and the sandboxes of ACK (`runv`, `rund`).
 * Source: gvisor.dev, containerd quick start; kata-containers, kata-deploy; AKS pod sandboxing; ACK sandboxed containers.
 */
const SANDBOX_CLASS = /^(?:gvisor|runsc|kata|runv|rund)(?:$|[-_.])/i
/** Their shims, which have the pod sandbox's id after `-id` (containerd, pkg/shim). */
const SANDBOX_SHIM = /^containerd-shim-(runsc|kata|rund)\b/
/** Their runtimes, as far as the node calls them. */
const SANDBOX_RUNTIME = /^(runsc|kata-runtime)$/

/** The sandbox in which pods of a RuntimeClass run, by its name; empty where they are processes of the node. */
export function sandboxClass(runtimeClass: string): string {
  return SANDBOX_CLASS.test(runtimeClass) ? runtimeClass : ''
}

/** Pods (`namespace/name`) whose programs run in a sandbox, as far as a node's own records show it, with what runs them. */
export function sandboxedPods({ starts, calls }: Pick<Lineage, 'starts' | 'calls'>, index: ContainerIndex): Map<string, string> {
  const found = new Map<string, string>()
  const note = (containerId: string, runtime: string | undefined): void => {
    const { namespace, pod } = index.place(containerId)
    if (pod !== '' && runtime !== undefined) found.set(`${namespace}/${pod}`, runtime)
  }
  for (const { observation } of starts) {
    const argv = observation.exec?.argv ?? []
    const runtime = SANDBOX_SHIM.exec(basename(argv[0] ?? ''))?.[1]
    if (runtime !== undefined) note(argv[argv.indexOf('-id') + 1] ?? '', runtime)
  }
  for (const { containerId, observation } of calls)
    note(containerId, SANDBOX_RUNTIME.exec(basename(observation.exec?.argv[0] ?? ''))?.[1])
  return found
}
