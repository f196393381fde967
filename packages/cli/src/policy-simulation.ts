import {
  type AuditPolicy,
  detectionStates,
  explainPolicyRule,
  PolicySimulation,
  type PolicyTraffic,
  parsePolicy,
  type SimulatedEvent,
} from '@podwitness/kube'
import type { Context } from './context.ts'
import { kubeEvents, type RecordedEvent } from './kube-events.ts'
import { readText } from './read-text.ts'
import { countText, sizeText } from './text/size-text.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'
import { UsageError } from './usage-error.ts'

export interface SimulateFlags {
  readonly json?: boolean
  readonly requests?: boolean
}

/**
 * Reads a policy that kube-apiserver would take.
 *
 * @throws UsageError PW-PO-001 where it has errors.
 */
export async function usablePolicy(context: Context, path: string, instead: string): Promise<AuditPolicy> {
  const { file, text } = await readText(context, path, instead)
  const { policy, problems } = parsePolicy(text)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (policy !== undefined && first === undefined) return policy
  throw new UsageError('PW-PO-001', {
    what: `The audit policy ${file} has ${countText(errors.length)} errors.`,
    why: first === undefined ? 'It holds no policy.' : `${file}:${first.line}:${first.column}: ${first.message}`,
    do: `Run \`podwitness policy lint ${file}\` and mend what it names.`,
  })
}

/** Runs recorded events through a policy and prints sums, or with `--requests` every decision. */
export async function printSimulation(
  context: Context,
  policy: AuditPolicy,
  paths: readonly string[],
  flags: SimulateFlags,
): Promise<void> {
  const simulation = new PolicySimulation(policy)
  const rejects = new Map<string, number>()
  const onReject = (_line: number, code: string): void => void rejects.set(code, (rejects.get(code) ?? 0) + 1)
  for (const path of paths) {
    for await (const recorded of kubeEvents(context, path, onReject)) {
      const simulated = simulation.add(recorded.event, recorded.bytes)
      if (flags.requests === true) await context.terminal.write(`${JSON.stringify(requestLine(policy, recorded, simulated))}\n`)
    }
  }
  for (const [code, count] of rejects) context.hint(`${countText(count)} lines are no audit events (${code})`)
  const traffic = simulation.traffic()
  if (traffic.events === 0) throw noEvents(paths)
  if (flags.requests === true) return
  const detections = detectionStates(policy)
  const document = { ...traffic, rejects: Object.fromEntries(rejects), detections }
  await context.terminal.write(flags.json === true ? `${JSON.stringify(document)}\n` : trafficText(policy, traffic))
}

function requestLine(policy: AuditPolicy, { event }: RecordedEvent, { rule, level, written, bytes }: SimulatedEvent): object {
  return {
    auditID: event.auditID,
    stage: event.stage,
    user: event.user.username,
    verb: event.verb,
    requestURI: event.requestURI,
    recordedLevel: event.level,
    level,
    rule,
    line: policy.rules[rule]?.line ?? null,
    written,
    bytes,
  }
}

function trafficText(policy: AuditPolicy, traffic: PolicyTraffic): string {
  const perDay = (bytes: number): string =>
    traffic.bytesPerDay === null ? '' : sizeText(Math.round((bytes * traffic.bytesPerDay) / Math.max(1, traffic.bytes)))
  const rows = traffic.rules.map(({ rule, requests, events, bytes, inexact }) => {
    const found = policy.rules[rule]
    return [
      found === undefined ? '-' : String(rule + 1),
      found === undefined ? '' : String(found.line),
      countText(requests),
      countText(events),
      `${inexact > 0 ? '≥ ' : ''}${sizeText(bytes)}`,
      perDay(bytes),
      visibleText(found === undefined ? 'no rule: nothing is written' : explainPolicyRule(found)),
    ]
  })
  const table = tableLines(
    [
      { title: 'RULE', right: true },
      { title: 'LINE', right: true },
      { title: 'REQUESTS', right: true },
      { title: 'WRITTEN', right: true },
      { title: 'BYTES', right: true },
      { title: 'A DAY', right: true },
      { title: 'WHAT', max: 110 },
    ],
    rows,
  )
  return `${[...table, '', ...sumLines(traffic), '', ...detectionLines(policy)].join('\n')}\n`
}

function sumLines(traffic: PolicyTraffic): string[] {
  const { events, written, bytes, recordedBytes, inexact, spanMs, bytesPerDay, otherLevel } = traffic
  const share = Math.round((100 * bytes) / Math.max(1, recordedBytes))
  return [
    `${countText(written)} of ${countText(events)} recorded events would be written: ${sizeText(bytes)}, ${share} % of the recorded ${sizeText(recordedBytes)}.`,
    bytesPerDay === null
      ? 'Less than a minute was recorded: too little to say what a day brings.'
      : `At the rate of these ${countText(spanMs / 1000)} s: ${sizeText(bytesPerDay)} a day.`,
    ...(inexact > 0
      ? [`${countText(inexact)} events were recorded with less than the policy wants; their bodies are not in these sums.`]
      : []),
    `${countText(otherLevel)} events would have another level than the recorded one.`,
  ]
}

function detectionLines(policy: AuditPolicy): string[] {
  return detectionStates(policy).map(({ title, state, missed }) => {
    const [first] = missed
    const why = first === undefined ? '' : `: ${first.request} (${lineText(policy, first.rule)})`
    return `${state.padEnd(6)}  ${title}${why}`
  })
}

function lineText(policy: AuditPolicy, rule: number): string {
  const found = policy.rules[rule]
  return found === undefined ? 'no rule' : `${found.level}, line ${found.line}`
}

function noEvents(paths: readonly string[]): UsageError {
  return new UsageError('PW-PO-003', {
    what: `No audit event was found in ${paths.join(', ')}.`,
    why: 'None of the lines is an audit.k8s.io/v1 event, a list of them, or a recorded post of one.',
    do: "Give kube-apiserver's audit log, one event a line.",
  })
}
