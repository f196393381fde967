import { type ApplyOptions, applyNode } from './apply-node.ts'
import { stateOf } from './desired-state.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import type { NodeReport } from './node-report.ts'
import { readSet, readState, writeState } from './node-state.ts'

/**
 * Goes back to the set that was in force before the present one. The present one is not applied again by itself until it
 * changes, or until `apply` is told to. Throws PW-ND-011 where there is none before.
 */
export async function rollbackNode(machine: Machine, options: Omit<ApplyOptions, 'desired'>): Promise<NodeReport> {
  const { history } = readState(machine)
  const [before, present] = history.slice(-2)
  const files = before === undefined || present === undefined ? undefined : readSet(machine, before.hash)
  if (files === undefined || present === undefined)
    throw new NodeError('PW-ND-011', {
      what: 'There is nothing to roll back to.',
      why: 'No set of rules was in force here before the present one.',
    })
  const report = await applyNode(machine, { ...options, desired: stateOf(files) })
  if (report.condition === 'refused') return report
  const state = readState(machine)
  writeState(machine, { ...state, history: state.history.filter(({ hash }) => hash !== present.hash), rejected: present.hash })
  return report
}
