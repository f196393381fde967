import { reloadAuditd, stopAuditd } from './audit-daemon.ts'
import { settingChanges } from './audit-settings.ts'
import { stateOf } from './desired-state.ts'
import { removePackages } from './install-audit.ts'
import { readAuditStatus } from './kernel-audit.ts'
import { compareRules, loadRules, readKernelRules, runLines } from './load-rules.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import { withNodeLock } from './node-lock.ts'
import { forgetState, type NodeState } from './node-state.ts'
import { removeOwn } from './own-file.ts'
import { type RuleSet, readRule } from './rule-set.ts'
import { type Survey, surveyNode } from './survey-node.ts'

/** What uninstalling did. */
export interface UninstallReport {
  readonly files: readonly string[]
  readonly rules: number
  readonly packages: readonly string[]
  readonly stoppedAuditd: boolean
  /** The kernel has locked its rules: ours stay loaded until the next boot. */
  readonly pendingReboot: boolean
}

/**
 * Leaves a node as it was found: our files go and what they replaced returns, our rules go, settings, auditd and packages
 * are as before. Recorded logs stay: they are evidence. Throws PW-ND-011 where nothing of ours is there.
 */
export function uninstallNode(machine: Machine): Promise<UninstallReport> {
  return withNodeLock(machine, async (made) => {
    const survey = await surveyNode(machine, { desired: stateOf([]) })
    const state = { ...survey.state, folders: [...new Set([...survey.state.folders, ...made])] }
    if (state.found === null && survey.stale.length === 0) {
      forgetState(machine, state)
      throw new NodeError('PW-ND-011', {
        what: 'There is nothing to uninstall.',
        why: 'podwitness has changed nothing on this node.',
      })
    }
    const pendingReboot = survey.status?.enabled === 2
    if (survey.status !== null && !pendingReboot) await unloadRules(machine, survey)
    for (const file of survey.stale) removeOwn(machine, file)
    const stopped = await leaveAuditd(machine, survey, state)
    await restoreSettings(machine, state)
    await removePackages(machine, survey.facts, state.packages)
    forgetState(machine, state)
    return {
      files: survey.stale.map(({ path }) => path),
      rules: pendingReboot ? 0 : survey.change.remove.length,
      packages: state.packages,
      stoppedAuditd: stopped,
      pendingReboot,
    }
  })
}

/** Takes our rules out of the kernel and puts back those of files we took over. */
async function unloadRules(machine: Machine, survey: Survey): Promise<void> {
  const { state, options, actual, owned } = survey
  const rules = state.adopted.flatMap((text) => {
    const rule = readRule(text, options)
    return rule === null ? [] : [{ ...rule, file: 'found', line: 0 }]
  })
  const set: RuleSet = { rules, settings: [], problems: [] }
  const problem = await loadRules(machine, compareRules(rules, actual, owned), set)
  if (problem !== undefined)
    throw new NodeError(problem.code, { what: 'A rule that was here before cannot be loaded again.', why: problem.message })
  const left = compareRules(rules, await readKernelRules(machine, options, []), owned).remove
  if (left.length > 0)
    throw new NodeError('PW-ND-009', {
      what: 'The kernel did not let go of our rules.',
      why: left.map(({ text }) => text).join('\n'),
    })
}

/** Stops auditd where we started it; elsewhere it reads its plugins again. */
async function leaveAuditd(machine: Machine, survey: Survey, state: NodeState): Promise<boolean> {
  if (survey.taker !== 'auditd' || survey.status === null) return false
  const stop = state.startedAuditd && state.found?.auditdRan !== true
  if (stop) await stopAuditd(machine, survey.facts, survey.status.pid)
  else if (survey.stale.some(({ path }) => path.startsWith(survey.facts.pluginFolder))) reloadAuditd(survey.status.pid)
  return stop
}

/** Puts back what we set; auditing itself is off again where we switched it on. */
async function restoreSettings(machine: Machine, state: NodeState): Promise<void> {
  const { found } = state
  if (found === null) return
  const now = await readAuditStatus(machine).catch(() => null)
  if (now === null || now.enabled === 2) return
  const back = settingChanges([], now, { ...state.settings, ...(state.startedAuditd ? { '-e': '1' } : {}) }, found.status)
  const lines = back.map(({ option, value }) => `${option} ${value}`)
  await runLines(machine, lines)
}
