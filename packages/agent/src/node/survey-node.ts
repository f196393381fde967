import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type EncodeOptions, parseRules } from '@podwitness/audit'
import { recordTaker } from './audit-daemon.ts'
import { settingChanges, wantedSettings } from './audit-settings.ts'
import type { DesiredFile, DesiredState } from './desired-state.ts'
import { type AuditStatus, readAuditStatus } from './kernel-audit.ts'
import { compareRules, type KernelRule, type RuleChange, readKernelRules } from './load-rules.ts'
import type { Machine } from './machine.ts'
import { NodeError, type NodeProblem } from './node-error.ts'
import { type NodeFacts, readFacts } from './node-facts.ts'
import { type NodeState, type OwnFile, readSet, readState } from './node-state.ts'
import { type FileCondition, fileCondition, markedFiles, RULES_FOLDER, readText, type Target, targetsOf } from './own-file.ts'
import { parsePluginFile } from './plugin-file.ts'
import { buildRuleSet, type RuleSet, readRule, type Setting } from './rule-set.ts'
import { type Facility, lintSyslogPlugin } from './syslog-plugin.ts'

/** What is asked of a node. */
export interface NodeRequest {
  readonly desired: DesiredState
  /** Rule files of others with our names are taken over; their backup returns on uninstall. */
  readonly adopt?: boolean
  /** Facility that the collector takes, for the lint. */
  readonly expectFacility?: Facility
  /** Workspace of the OMS agent, whose folder the OMS files go to. */
  readonly omsWorkspace?: string
  /** OMS files are put into force by the agent: that no OMS agent reads them is no news. */
  readonly omsTranslated?: boolean
}

/** Everything known about a node and what is asked of it. */
export interface Survey {
  readonly facts: NodeFacts
  readonly state: NodeState
  /** Null where the kernel cannot be asked; `unavailable` says why. */
  readonly status: AuditStatus | null
  readonly unavailable: NodeError | null
  /** Process that takes the records: `auditd`, another, empty for none. */
  readonly taker: string
  readonly actual: readonly KernelRule[]
  readonly owned: ReadonlySet<string>
  /** The files that shall be in force: those asked for, or the last good ones of a part that is refused. */
  readonly effective: readonly DesiredFile[]
  readonly rules: RuleSet
  readonly change: RuleChange
  readonly settings: readonly Setting[]
  readonly targets: readonly { readonly target: Target; readonly condition: FileCondition }[]
  /** Files of ours that nothing asks for any more. */
  readonly stale: readonly OwnFile[]
  readonly problems: readonly NodeProblem[]
  readonly options: EncodeOptions
}

/** Looks at a node. Changes nothing. */
export async function surveyNode(machine: Machine, request: NodeRequest): Promise<Survey> {
  const facts = await readFacts(machine)
  const state = readState(machine)
  const options = encodeOptions(machine, facts)
  const kernel = await askKernel(machine, options, ownTexts(machine, state))
  const { files, problems } = judge(machine, request, state, facts, options)
  const rules = buildRuleSet(files, options)
  const owned = ownedRules(machine, state, options)
  const omsFolder = omsFolderOf(machine, request)
  const all = targetsOf(files, facts, omsFolder)
  const targets = all.map((target) => ({ target, condition: fileCondition(machine, target, state.files) }))
  const wanted = kernel.status === null ? [] : wantedSettings(rules.settings, kernel.status)
  return {
    facts,
    state,
    ...kernel,
    taker: recordTaker(machine, kernel.status?.pid ?? 0),
    owned,
    effective: files,
    rules,
    change: compareRules(rules.rules, kernel.actual, owned),
    settings: kernel.status === null ? [] : settingChanges(wanted, kernel.status, state.settings, state.found?.status ?? null),
    targets,
    stale: ownFiles(machine, state, facts).filter(({ path }) => !all.some((target) => target.path === path)),
    problems,
    options,
  }
}

async function askKernel(
  machine: Machine,
  options: EncodeOptions,
  loaded: readonly string[],
): Promise<Pick<Survey, 'status' | 'unavailable' | 'actual'>> {
  try {
    const status = await readAuditStatus(machine)
    return { status, unavailable: null, actual: await readKernelRules(machine, options, loaded) }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    return { status: null, unavailable: error, actual: [] }
  }
}

/** Which files shall be in force, and what is wrong with those asked for. */
function judge(
  machine: Machine,
  request: NodeRequest,
  state: NodeState,
  facts: NodeFacts,
  options: EncodeOptions,
): { files: DesiredFile[]; problems: NodeProblem[] } {
  const { desired } = request
  const problems = [...desired.problems, ...buildRuleSet(desired.files, options).problems, ...pluginProblems(request)]
  if (omsFolderOf(machine, request) === null && request.omsTranslated !== true)
    problems.push(...desired.files.filter(({ kind }) => kind === 'oms').map(omsRetired))
  for (const target of targetsOf(desired.files, facts, null)) {
    if (target.file.kind !== 'rules' || request.adopt === true || fileCondition(machine, target, state.files) !== 'foreign')
      continue
    const message = `${target.path} is there and not ours; rename the key, or take the file over with --adopt`
    problems.push({ code: 'PW-ND-006', severity: 'refused', part: 'rules', file: target.file.source, line: 0, message })
  }
  if (state.refusal !== null && state.refusal.hash === desired.hash) problems.push(state.refusal.problem)
  const refused = new Set(problems.flatMap(({ severity, part }) => (severity === 'refused' ? [part] : [])))
  const good = refused.size === 0 ? [] : (readSet(machine, state.history.at(-1)?.hash ?? '') ?? [])
  const files = [...desired.files.filter(({ kind }) => !refused.has(kind)), ...good.filter(({ kind }) => refused.has(kind))]
  return { files, problems }
}

function pluginProblems({ desired, expectFacility }: NodeRequest): NodeProblem[] {
  return desired.files.flatMap(({ kind, source, text }): NodeProblem[] => {
    if (kind !== 'plugin') return []
    const unread = parsePluginFile(text).unread.map(
      ({ line, text: bad }): NodeProblem => ({
        code: 'PW-ND-008',
        severity: 'refused',
        part: 'plugin',
        file: source,
        line,
        message: `auditd cannot read ${JSON.stringify(bad)}: a line is NAME = VALUE`,
      }),
    )
    return [...unread, ...lintSyslogPlugin(source, text, expectFacility)]
  })
}

function omsRetired({ source }: DesiredFile): NodeProblem {
  const message = 'no OMS agent is on this node (it was retired on 31 August 2024): nothing reads this file, and it is left out'
  return { code: 'PW-ND-018', severity: 'note', part: 'oms', file: source, line: 0, message }
}

/** Folder of the OMS agent's own configuration, where that agent is installed. */
function omsFolderOf(machine: Machine, { omsWorkspace }: NodeRequest): string | null {
  if (omsWorkspace === undefined || !/^[\w-]+$/.test(omsWorkspace)) return null
  const folder = `/etc/opt/microsoft/omsagent/${omsWorkspace}/conf/omsagent.d`
  return existsSync(machine.path(dirname(folder))) ? folder : null
}

/** Rules that we loaded, and those of files that carry our mark: at boot, the distribution loads these. As written, oldest first. */
function ownTexts(machine: Machine, state: NodeState): string[] {
  const marked = markedFiles(machine, RULES_FOLDER).map((path) => readText(machine.path(path)) ?? '')
  const onDisk = marked.flatMap((text) =>
    parseRules(text).statements.flatMap((rule) => (rule.kind === 'rule' ? [rule.text] : [])),
  )
  return [...new Set([...state.loaded, ...onDisk])]
}

/** Identities of our rules; what was there before us is not ours, unless its file was taken over. */
function ownedRules(machine: Machine, state: NodeState, options: EncodeOptions): Set<string> {
  const identities = (texts: readonly string[]) => texts.flatMap((text) => readRule(text, options)?.identity ?? [])
  const before = new Set(identities(state.found?.rules ?? []))
  return new Set([...identities(ownTexts(machine, state)).filter((id) => !before.has(id)), ...identities(state.adopted)])
}

/** Files of ours on the node: those we remember, and those that carry our mark where what we remember is lost. */
function ownFiles(machine: Machine, state: NodeState, facts: NodeFacts): OwnFile[] {
  const known = new Set(state.files.map(({ path }) => path))
  const marked = [RULES_FOLDER, facts.pluginFolder].flatMap((folder) => markedFiles(machine, folder))
  return [...state.files, ...marked.filter((path) => !known.has(path)).map((path) => ({ path, backup: null }))]
}

/** How rules are encoded on this node: its architecture, its folders, its accounts. */
function encodeOptions(machine: Machine, facts: NodeFacts): EncodeOptions {
  const users: Record<string, number> = {}
  try {
    for (const line of readFileSync(machine.path('/etc/passwd'), 'utf8').split('\n')) {
      const [name, , uid] = line.split(':')
      if (name !== undefined && uid !== undefined) users[name] = Number(uid)
    }
  } catch {
    // A system without accounts in a file: rules name them by number.
  }
  const isDirectory = (path: string) => statSync(machine.path(path), { throwIfNoEntry: false })?.isDirectory() === true
  return { machine: facts.architecture, isDirectory, users }
}
