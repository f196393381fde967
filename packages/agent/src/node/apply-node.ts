import { existsSync } from 'node:fs'
import { reloadAuditd, startAuditd } from './audit-daemon.ts'
import { locks, restored } from './audit-settings.ts'
import { hasPluginPackage, installAudit } from './install-audit.ts'
import { loadRules, runLines } from './load-rules.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import type { NodeFacts } from './node-facts.ts'
import { withNodeLock } from './node-lock.ts'
import { type NodeReport, reportOf, rulesDifferIn } from './node-report.ts'
import { keepSet, type NodeState, type OwnFile, readState, writeState } from './node-state.ts'
import { backupOf, readText, removeOwn, writeOwn } from './own-file.ts'
import { SYSLOG_PROGRAM } from './plugin-file.ts'
import { readRule, type Setting } from './rule-set.ts'
import { type NodeRequest, type Survey, surveyNode } from './survey-node.ts'

export interface ApplyOptions extends NodeRequest {
  /** `never`: auditd is there or it is told that it is not. */
  readonly install?: 'auto' | 'never'
  /** Folder with package files; nothing is fetched. */
  readonly packages?: string
  /** `service`: only a service manager may start auditd, as from a container it would end with that. `leave`: nobody of us does. */
  readonly daemon?: 'start' | 'service' | 'leave'
  /** Tries again what the kernel refused or what was rolled back. */
  readonly retry?: boolean
  readonly now?: () => Date
}

/**
 * Makes a node as asked for and reads back that it is. Rules go to the kernel first and to the files only when it took them,
 * so that no boot meets a refused set. Throws `NodeError` where the node cannot be worked on at all.
 */
export function applyNode(machine: Machine, options: ApplyOptions): Promise<NodeReport> {
  return withNodeLock(machine, async (made) => {
    const before = readState(machine)
    writeState(machine, {
      ...before,
      folders: [...new Set([...before.folders, ...made])],
      ...(options.retry === true ? { refusal: null, rejected: null } : {}),
    })
    const prepared = await prepare(machine, options)
    const loaded = await loadWanted(machine, options, prepared)
    const survey = await writeFiles(machine, options, loaded.survey)
    const whole = !survey.problems.some(({ severity }) => severity === 'refused')
    if (whole)
      writeState(
        machine,
        keepSet(machine, survey.state, options.desired.hash, options.desired.files, options.now?.() ?? new Date()),
      )
    return reportOf(whole ? await surveyNode(machine, options) : survey, loaded.changed || survey !== loaded.survey)
  })
}

/** Installs and starts what is missing, and remembers how the node was found. */
async function prepare(machine: Machine, options: ApplyOptions): Promise<Survey> {
  let survey = await surveyNode(machine, options)
  // Which plugins are missing is known when the audit package is there: some distributions have them in it.
  for (let need = missingPart(machine, survey); need !== undefined && options.install !== 'never'; ) {
    const folder = options.packages === undefined ? {} : { folder: options.packages }
    const packages = await installAudit(machine, survey.facts, { ...folder, plugins: need === 'plugins' })
    writeState(machine, { ...survey.state, packages: [...survey.state.packages, ...packages] })
    survey = await surveyNode(machine, options)
    need = need === 'audit' ? missingPart(machine, survey) : undefined
  }
  if (survey.status === null) throw survey.unavailable ?? new Error('no status and no reason')
  if (survey.state.found === null) {
    const found = {
      rules: survey.actual.map(({ text }) => text),
      status: survey.status,
      auditdRan: survey.taker !== '' && survey.state.packages.length === 0,
    }
    survey = { ...survey, state: writeState(machine, { ...survey.state, found }) }
  }
  if (survey.taker !== '' || !mayStart(survey.facts, options.daemon)) return survey
  writeState(machine, { ...survey.state, startedAuditd: true })
  await startAuditd(machine, survey.facts)
  return surveyNode(machine, options)
}

/** What an installation would have to bring; the plugins' package where it is one of its own. */
function missingPart(machine: Machine, { facts, targets }: Survey): 'audit' | 'plugins' | undefined {
  if (facts.auditVersion === null) return 'audit'
  const wanted = targets.some(({ target }) => target.text.includes(SYSLOG_PROGRAM)) && !existsSync(machine.path(SYSLOG_PROGRAM))
  return wanted && hasPluginPackage(facts) ? 'plugins' : undefined
}

/** Whether auditd may be started from here. */
export function mayStart({ serviceManager }: NodeFacts, daemon: ApplyOptions['daemon'] = 'start'): boolean {
  return daemon === 'start' || (daemon === 'service' && serviceManager !== 'none')
}

/** Gets the wanted rules and settings into the kernel; after a refusal, the last good ones. */
async function loadWanted(machine: Machine, options: ApplyOptions, first: Survey): Promise<{ survey: Survey; changed: boolean }> {
  let survey = await adoptRules(machine, options, first)
  if (!rulesDifferIn(survey) || survey.status?.enabled === 2) return { survey, changed: false }
  for (let attempt = 0; attempt < 2; attempt++) {
    survey = { ...survey, state: writeState(machine, withIntent(survey)) }
    await set(machine, survey, false)
    const problem = await loadRules(machine, survey.change, survey.rules)
    if (problem === undefined) {
      await set(machine, survey, true)
      break
    }
    writeState(machine, { ...survey.state, refusal: { hash: options.desired.hash, problem } })
    survey = await surveyNode(machine, options)
  }
  const after = await surveyNode(machine, options)
  const { add, remove, misplaced } = after.change
  if (add.length + remove.length + misplaced.length > 0 && !after.problems.some(({ code }) => code === 'PW-ND-002')) {
    const rules = [
      ...add.map(({ rule }) => rule.text),
      ...remove.map(({ text }) => text),
      ...misplaced.map(({ rule }) => rule.text),
    ]
    throw new NodeError('PW-ND-009', { what: 'The kernel does not hold the rules that were loaded.', why: rules.join('\n') })
  }
  return { survey: { ...after, state: writeState(machine, withLoaded(after)) }, changed: true }
}

async function set(machine: Machine, { settings }: Survey, locking: boolean): Promise<void> {
  const lines = settings.filter((setting) => locks(setting) === locking).map(({ option, value }) => `${option} ${value}`)
  const failed = await runLines(machine, lines)
  if (failed !== undefined)
    throw new NodeError('PW-ND-009', {
      what: 'The kernel did not take a setting.',
      why: `${lines[failed.index]}: ${failed.said}`,
    })
}

/** What we are about to own, remembered before it happens: a crash in between must not make it somebody else's. */
function withIntent({ state, change, settings }: Survey): NodeState {
  const ours = Object.fromEntries(settings.map(({ option, value }) => [option, value]))
  const loaded = [...new Set([...state.loaded, ...change.add.map(({ rule }) => rule.text)])]
  return { ...state, loaded, settings: { ...state.settings, ...ours } }
}

/** What we own after the kernel was read back; a setting that is as it was found is not ours. */
function withLoaded({ state, rules, owned, actual }: Survey): NodeState {
  const present = new Set(actual.map(({ identity }) => identity))
  const loaded = rules.rules.filter(({ identity }) => owned.has(identity) && present.has(identity)).map(({ rule }) => rule.text)
  const changed = Object.entries(state.settings).filter(([option, value]) => {
    return state.found === null || restored(option as Setting['option'], state.found.status)[0]?.value !== value
  })
  return { ...state, loaded, settings: Object.fromEntries(changed) }
}

/** Rules of a file that is taken over become ours; what they were is kept for uninstalling. */
async function adoptRules(machine: Machine, options: ApplyOptions, survey: Survey): Promise<Survey> {
  if (options.adopt !== true) return survey
  const foreign = survey.targets.filter(({ target, condition }) => target.file.kind === 'rules' && condition === 'foreign')
  const texts = foreign.flatMap(({ target }) => readText(machine.path(target.path))?.split('\n') ?? [])
  const present = new Set(survey.actual.map(({ identity }) => identity))
  const adopted = texts.filter((text) => present.has(readRule(text, survey.options)?.identity ?? ''))
  if (adopted.length === 0) return survey
  writeState(machine, { ...survey.state, adopted: [...new Set([...survey.state.adopted, ...adopted])] })
  return surveyNode(machine, options)
}

/** Brings the files in line with what is in force now; auditd is told when its plugins changed. */
async function writeFiles(machine: Machine, options: ApplyOptions, survey: Survey): Promise<Survey> {
  const wrong = survey.targets.filter(({ condition }) => condition !== 'same').map(({ target }) => target)
  if (wrong.length + survey.stale.length === 0 && !survey.state.untold) return survey
  const known = new Map(survey.state.files.map((file) => [file.path, file]))
  for (const { path } of wrong) {
    if (!known.has(path)) known.set(path, { path, backup: backupOf(machine, path) })
  }
  const files = [...new Map<string, OwnFile>([...known, ...survey.stale.map((file) => [file.path, file] as const)]).values()]
  const changed = [...wrong, ...survey.stale].some(({ path }) => path.startsWith(survey.facts.pluginFolder))
  let state = writeState(machine, { ...survey.state, files, untold: survey.state.untold || changed })
  const made = wrong.flatMap((target) => writeOwn(machine, target))
  for (const file of survey.stale) removeOwn(machine, file)
  const stale = new Set(survey.stale.map(({ path }) => path))
  const left = files.filter(({ path }) => !stale.has(path))
  state = writeState(machine, { ...state, files: left, folders: [...new Set([...state.folders, ...made])] })
  if (state.untold && survey.taker === 'auditd' && survey.status !== null) reloadAuditd(survey.status.pid)
  writeState(machine, { ...state, untold: false }) // Where auditd does not run, it reads its plugins when it starts.
  return surveyNode(machine, options)
}
