import { readFile } from 'node:fs/promises'
import { writeDurably } from '@podwitness/pipeline'
import type { ContainerFact } from './cri-client.ts'
import type { NodeKnowledge } from './node-knowledge.ts'

/** Containers and processes known before a restart. */
export interface ContainerFactState {
  readonly containers: readonly ContainerFact[]
  /** pid, parent, container id. */
  readonly processes: readonly [number, number, string][]
}

/** Reads what was known; undefined where there is nothing of this boot: pids mean nothing in another one. */
export async function readKnowledge(path: string, boot: string): Promise<ContainerFactState | undefined> {
  try {
    const state = JSON.parse(await readFile(path, 'utf8')) as { boot?: string } & Partial<ContainerFactState>
    if (state.boot !== boot || !Array.isArray(state.containers) || !Array.isArray(state.processes)) return undefined
    return { containers: state.containers, processes: state.processes }
  } catch {
    return undefined
  }
}

export async function writeKnowledge(path: string, boot: string, knowledge: NodeKnowledge): Promise<void> {
  await writeDurably(path, JSON.stringify({ boot, ...knowledge.state() }))
}
