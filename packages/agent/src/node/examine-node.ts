import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs'
import { lintRules } from '@podwitness/audit'
import { type AuditVersion, atLeast } from './audit-version.ts'
import { examinePlugins, examineQueue, queueFile } from './examine-plugins.ts'
import { examineService } from './examine-service.ts'
import type { Machine } from './machine.ts'
import { bad, type NodeCheck, ok, warn } from './node-check.ts'
import { problemText } from './node-error.ts'
import type { NodeFacts } from './node-facts.ts'
import { reportOf } from './node-report.ts'
import { RULES_FOLDER, readText } from './own-file.ts'
import { type NodeRequest, type Survey, surveyNode } from './survey-node.ts'

/** What makes auditing on a node fail, stop or lie, looked at one by one. Changes nothing. */
export async function examineNode(machine: Machine, request: NodeRequest): Promise<NodeCheck[]> {
  const survey = await surveyNode(machine, request)
  return [
    ...checkKernel(survey),
    ...checkVersion(survey.facts.auditVersion),
    ...checkTaker(machine, survey),
    ...checkRules(survey),
    ...examinePlugins(machine, survey.facts),
    ...checkDaemonFile(machine, survey.facts),
    ...checkBoot(machine, survey),
    ...examineService(machine, survey.facts, survey.status),
    ...checkOthers(machine, survey),
  ]
}

function checkKernel({ status, unavailable }: Survey): NodeCheck[] {
  if (status === null)
    return [bad('kernel', `${unavailable?.message} ${unavailable?.why}`, `podwitness explain ${unavailable?.code}`)]
  const found: NodeCheck[] = []
  if (status.enabled === 0) found.push(bad('enabled', 'auditing is switched off', 'podwitness node apply'))
  if (status.enabled === 2)
    found.push(warn('enabled', 'the rules are locked until the next boot', 'Plan a reboot for rule changes.'))
  if (status.lost > 0)
    found.push(warn('lost', `the kernel has lost ${status.lost} records since boot`, 'Raise the backlog: -b in a rule file.'))
  if (status.rateLimit > 0) found.push(warn('rate', `more than ${status.rateLimit} records a second are lost`, 'Set -r 0.'))
  if (status.backlog * 5 > status.backlogLimit * 4)
    found.push(
      warn('backlog', `${status.backlog} of ${status.backlogLimit} records wait`, 'See what slows auditd down, or raise -b.'),
    )
  if (status.failure === 2)
    found.push(warn('failure', 'the kernel panics when it loses a record (-f 2)', 'Set -f 1 unless that is meant.'))
  return found.length > 0 ? found : [ok('kernel', `auditing is on, backlog ${status.backlogLimit}, nothing lost`)]
}

/** Faults of versions. Source: audit-userspace, change log and af_unix plugin. */
function checkVersion(version: AuditVersion | null): NodeCheck[] {
  if (version === null) return [bad('version', 'auditd is not installed', 'podwitness node apply')]
  const found: NodeCheck[] = []
  if (atLeast(version, 3, 1, 1) && !atLeast(version, 4, 1, 2))
    found.push(
      warn(
        'version',
        `audit ${version.text} cuts records on its socket when the reader is slow`,
        'The agent repairs the gap from audit.log.',
      ),
    )
  if (atLeast(version, 4, 0, 4) && !atLeast(version, 4, 1))
    found.push(warn('version', `audit ${version.text} may end records on its socket without a newline`, 'The agent splits them.'))
  return found.length > 0 ? found : [ok('version', `audit ${version.text}`)]
}

function checkTaker(machine: Machine, { taker, status }: Survey): NodeCheck[] {
  if (status === null) return []
  if (taker === '') return [bad('taker', 'no process takes the records: they go to the kernel log', 'podwitness node apply')]
  if (taker === 'auditd') return [ok('taker', `auditd takes the records (${status.pid})`)]
  if (taker === '?')
    return [warn('taker', `process ${status.pid} takes the records and cannot be seen from here`, 'Run with hostPID.')]
  const text = `${taker} (${status.pid}) takes the records, not auditd: only one program can`
  return [bad('taker', text, `Stop ${taker}, then ${machine.commandText('auditd', [])}.`)]
}

function checkRules(survey: Survey): NodeCheck[] {
  const report = reportOf(survey)
  const found: NodeCheck[] = report.problems.map((problem) => {
    return problem.severity === 'refused'
      ? bad('request', problemText(problem), `podwitness explain ${problem.code}`)
      : warn('request', problemText(problem), '')
  })
  if (survey.status === null) return found
  if (survey.actual.some(({ text }) => /^-a (never,task|task,never)$/.test(text)))
    found.push(
      bad(
        'rules',
        'the rule `never,task` is loaded: no system call of any process started since is logged',
        'Remove it from the rule files, then start programs anew.',
      ),
    )
  const ours = new Set(
    survey.actual.flatMap(({ identity }, i) => (identity !== null && survey.owned.has(identity) ? [i + 1] : [])),
  )
  const kernelText = survey.actual.map(({ text }) => text).join('\n')
  for (const { line, code } of lintRules(kernelText, survey.options)) {
    if (code === 'shadowed' && ours.has(line))
      found.push(
        warn(
          'rules',
          `never reached, as a rule before it matches all it matches: ${survey.actual[line - 1]?.text}`,
          'Put it first.',
        ),
      )
  }
  const { wanted, inForce } = report.rules
  if (inForce < wanted) found.push(bad('rules', `${inForce} of ${wanted} rules are in force`, 'podwitness node apply'))
  else found.push(ok('rules', `${inForce} of ${wanted} rules are in force, read back from the kernel`))
  return found
}

/** Actions of auditd.conf(5) that end or stop logging. */
const STOPPING = new Set(['SUSPEND', 'SINGLE', 'HALT'])

function checkDaemonFile(machine: Machine, facts: NodeFacts): NodeCheck[] {
  const values = valuesOf(machine, '/etc/audit/auditd.conf')
  if (values === undefined) return []
  const found: NodeCheck[] = examineQueue(valuesOf(machine, queueFile(facts)) ?? new Map(), facts)
  if ((values.get('max_log_file_action') ?? '').toUpperCase() === 'KEEP_LOGS')
    found.push(
      warn('disk', 'max_log_file_action = KEEP_LOGS: the log grows until the disk is full', 'Set max_log_file_action = ROTATE.'),
    )
  for (const name of ['admin_space_left_action', 'disk_full_action', 'disk_error_action']) {
    const action = values.get(name)?.toUpperCase() ?? ''
    if (STOPPING.has(action))
      found.push(
        warn(
          'disk',
          `${name} = ${action}: a full disk stops auditing${action === 'SUSPEND' ? ', in silence' : ' and the node'}`,
          `Set ${name} = ROTATE in auditd.conf.`,
        ),
      )
  }
  const folder = (values.get('log_file') ?? '/var/log/audit/audit.log').replace(/\/[^/]*$/, '')
  if (existsSync(machine.path(folder))) found.push(logSpace(machine, folder, values))
  return found
}

function valuesOf(machine: Machine, path: string): ReadonlyMap<string, string> | undefined {
  const text = readText(machine.path(path))
  if (text === undefined) return undefined
  const rows = text.matchAll(/^\s*(\w+)\s*=\s*(.*?)\s*$/gm)
  return new Map([...rows].map(([, name, value]) => [name as string, value as string]))
}

function logSpace(machine: Machine, folder: string, values: ReadonlyMap<string, string>): NodeCheck {
  const { bavail, bsize } = statfsSync(machine.path(folder))
  const freeMb = Math.floor((bavail * bsize) / 1e6)
  const needMb = Number(values.get('max_log_file') ?? 8) * Number(values.get('num_logs') ?? 5)
  const text = `${freeMb} MB are free for ${folder}, auditd keeps up to ${needMb} MB`
  return freeMb < needMb ? bad('space', text, 'Make room, or the disk fills up.') : ok('space', text)
}

function checkBoot(machine: Machine, { facts }: Survey): NodeCheck[] {
  const found: NodeCheck[] = []
  const words = (readText(machine.path('/proc/cmdline')) ?? readText('/proc/cmdline') ?? '').split(/\s+/)
  if (!words.includes('audit=1'))
    found.push(
      warn(
        'boot',
        'the kernel was started without audit=1: programs that run since before auditing began are not logged',
        'Add audit=1 to the kernel’s command line.',
      ),
    )
  if (facts.serviceManager === 'none')
    found.push(warn('boot', 'no service manager starts auditd or loads rules at boot', 'Let the agent run: it does both.'))
  for (const name of rulesFiles(machine)) {
    const text = readText(machine.path(`${RULES_FOLDER}/${name}`)) ?? ''
    if (/^\s*-e\s+2\s*$/m.test(text)) found.push(warn('boot', `${name} locks the rules at boot: a change needs a reboot`, ''))
  }
  return found
}

function rulesFiles(machine: Machine): string[] {
  try {
    return readdirSync(machine.path(RULES_FOLDER)).filter((name) => name.endsWith('.rules'))
  } catch {
    return []
  }
}

/** Other managers of audit rules, and configuration that an older version would have read. */
function checkOthers(machine: Machine, { facts }: Survey): NodeCheck[] {
  const found: NodeCheck[] = []
  if (existsSync(machine.path('/etc/systemd/system/aks-auditd-monitor.service')))
    found.push(
      warn(
        'others',
        'a monitor of aks-auditd restarts auditd when rule files change',
        'systemctl disable --now aks-auditd-monitor',
      ),
    )
  if (existsSync(machine.path('/etc/audit/rules.d/auoms.rules')))
    found.push(
      warn('others', 'auoms manages audit rules here too', 'Its rules are left alone; it was retired on 31 August 2024.'),
    )
  const old = '/etc/audisp/plugins.d/syslog.conf'
  if (
    facts.pluginFolder !== '/etc/audisp/plugins.d' &&
    existsSync(machine.path(old)) &&
    /^\s*active\s*=\s*yes/m.test(readFileSync(machine.path(old), 'utf8'))
  )
    found.push(
      warn(
        'others',
        `${old} is active, and this version of auditd does not read it`,
        `Set it up in ${facts.pluginFolder}: podwitness node apply --syslog`,
      ),
    )
  return found
}
