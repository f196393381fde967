import type { DecodedEvent } from '@podwitness/audit'
import { Bell, pause } from '@podwitness/pipeline'
import type { Measures } from '../measures.ts'
import type { DesiredFile, DesiredState } from './desired-state.ts'
import { keepNode } from './keep-node.ts'
import type { Machine } from './machine.ts'
import { type NodeError, type NodeProblem, problemText } from './node-error.ts'
import type { NodeCondition, NodeReport } from './node-report.ts'
import { askedOf, type NodeWish } from './node-wish.ts'

/** Numbers of conditions on `/metrics`; `node_in_force` is the one to alert on. */
const CONDITIONS: readonly NodeCondition[] = ['in-force', 'drifted', 'refused', 'pending-reboot', 'unavailable']

/** CONFIG_CHANGE, DAEMON_END, DAEMON_ABORT. Source: include/uapi/linux/audit.h; audit-userspace, lib/audit-records.h. */
const TELLING = new Set([1305, 1201, 1202])

export interface KeeperParts {
  readonly machine: Machine
  readonly wish: NodeWish
  readonly everyMs: number
  /** Takes the `oms-config` files at each change; answers what of them has no counterpart. */
  readonly applyOms: (files: readonly DesiredFile[]) => readonly NodeProblem[]
  /** A finding for the server. */
  readonly tell: (rule: string, text: string) => void
  say(text: string): void
}

/** Keeps the agent's own node as asked for, and knows in which condition it is. */
export class NodeKeeper {
  readonly #parts: KeeperParts
  readonly #woken = new Bell()
  #report: NodeReport | undefined
  #failure = ''
  #failures = 0
  #changes = 0
  #repairs = 0
  #changedMs = 0
  /** Set that was in force last; empty before the first. */
  #inForce = ''
  /** The node was seen otherwise than asked for, or could not be seen, since then. */
  #away = false
  #omsHash = ''
  #omsProblems: readonly NodeProblem[] = []

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Puts what `oms-config` says of filters and redaction into force; the node itself is looked at by `run`. */
  prepare(): void {
    this.#withOms(askedOf(this.#parts.machine, this.#parts.wish).desired())
  }

  /** Keeps the node until the signal. Whatever goes wrong is told and tried again: an agent that ended would see nothing. */
  async run(signal: AbortSignal): Promise<void> {
    const { machine, wish, everyMs } = this.#parts
    while (!signal.aborted) {
      const asked = askedOf(machine, wish)
      try {
        await keepNode(
          machine,
          {
            ...asked.options,
            folders: asked.folders,
            everyMs,
            woken: this.#woken,
            omsTranslated: true,
            desired: () => this.#withOms(asked.desired()),
            onReport: (report) => this.#note(report),
            onFailure: (error) => this.#fail(`${error.message} ${error.why} (${error.code})`, error.code),
          },
          signal,
        )
      } catch (error) {
        this.#fail(`The node cannot be kept: ${(error as Error).message}.`, 'PW-ND-009')
        await pause(everyMs, signal)
      }
    }
  }

  /** Looks at the node soon where an event says that its audit was changed, or that auditd ended. */
  observe({ main }: DecodedEvent): void {
    if (TELLING.has(main.type.number)) this.#woken.ring()
  }

  /** Looks at the node soon. */
  wake(): void {
    this.#woken.ring()
  }

  /** The node's condition; `unavailable` until it was looked at. */
  get condition(): NodeCondition {
    if (this.#failure !== '' || this.#report === undefined) return 'unavailable'
    const { condition } = this.#report
    return condition === 'in-force' && this.#omsRefused.length > 0 ? 'refused' : condition
  }

  /** Why the node is not as asked for; empty where it is. */
  problems(): string[] {
    if (this.#failure !== '') return [`node: ${this.#failure}`]
    if (this.#report === undefined) return ['node: it has not been looked at yet']
    if (this.condition === 'in-force') return []
    const own = this.#report.problems.filter(({ severity, part }) => severity === 'refused' || part === 'node')
    const why = [...own, ...this.#omsRefused].map(problemText)
    return [`node: ${this.condition}`, ...why.map((text) => `node: ${text}`)]
  }

  measures(): Measures {
    const { rules, problems, files } = this.#report ?? {}
    return {
      node_in_force: this.condition === 'in-force' ? 1 : 0,
      node_condition: CONDITIONS.indexOf(this.condition),
      node_rules_wanted: rules?.wanted ?? 0,
      node_rules_in_force: rules?.inForce ?? 0,
      node_rules_foreign: rules?.foreign ?? 0,
      node_files_wrong: files?.filter(({ condition }) => condition !== 'same').length ?? 0,
      node_problems: (problems?.length ?? 0) + this.#omsProblems.length,
      node_changes_total: this.#changes,
      node_repairs_total: this.#repairs,
      node_failures_total: this.#failures,
      node_changed_timestamp_seconds: this.#changedMs / 1000,
    }
  }

  /** What goes into the heartbeat. */
  facts(): Record<string, string> {
    const { node, set = '' } = this.#report ?? {}
    const problem = this.problems().at(-1) ?? ''
    return {
      nodeCondition: this.condition,
      nodeSet: set.slice(0, 12),
      ...(problem === '' ? {} : { nodeProblem: problem.slice(0, 500) }),
      ...(node === undefined ? {} : { system: node.name, auditVersion: node.auditVersion?.text ?? '' }),
    }
  }

  get #omsRefused(): readonly NodeProblem[] {
    return this.#omsProblems.filter(({ severity }) => severity === 'refused')
  }

  #note(report: NodeReport): void {
    this.#failure = ''
    this.#report = report
    const { condition, set, rules, changed } = report
    if (changed) {
      this.#changes++
      this.#changedMs = Date.now()
    }
    const words = `${rules.inForce} of ${rules.wanted} rules are in force`
    const tell = (rule: string, text: string): void => {
      this.#parts.tell(rule, text)
      this.#parts.say(text)
    }
    if (condition !== 'in-force') {
      if (condition !== 'refused') this.#away = true
      tell('node_not_in_force', `The node's audit is ${condition}: ${[words, ...this.problems().slice(1)].join('; ')}.`)
      return
    }
    // It may take two turns: the rules are back, then auditd is.
    const repaired = (changed || this.#away) && this.#inForce === set
    this.#away = false
    this.#inForce = set
    if (repaired) {
      this.#repairs++
      tell('node_repaired', `Somebody changed the node's audit rules, files or auditd; they are as asked for again: ${words}.`)
    } else tell('node_in_force', `The node's audit is as asked for, read back from the kernel: ${words}.`)
  }

  #fail(text: string, code: NodeError['code']): void {
    this.#failure = text
    this.#away = true
    this.#failures++
    this.#parts.tell('node_unavailable', text)
    this.#parts.say(`${text} Trying again; podwitness explain ${code} says more.`)
  }

  /** The OMS files are put into force by the agent itself, all other files by the node. */
  #withOms(desired: DesiredState): DesiredState {
    const files = desired.files.filter(({ kind }) => kind === 'oms')
    const hash = JSON.stringify(files.map(({ name, text }) => [name, text]))
    if (hash !== this.#omsHash) {
      this.#omsProblems = this.#parts.applyOms(files)
      for (const problem of this.#omsProblems) this.#parts.say(problemText(problem))
    }
    this.#omsHash = hash
    return desired
  }
}
