/**
 * Every sentence by which a name, a place, a risk or an alert's silence is explained, in both languages. Rows store
 * the English one, values filled in; pages say it in the reader's language with `inChinese`. `{text}` is what somebody wrote
 * and may have blanks, all other slots are one word.
 */
const STATEMENTS = {
  // Pairing
  equalRequest: ['same container, same arguments, same terminal setting', '容器、参数与终端设置均相同'],
  startedAfter: ['started {ms} ms after the request', '在请求之后 {ms} 毫秒启动'],
  startedBefore: ['started {ms} ms before the request was received', '在收到请求之前 {ms} 毫秒启动'],
  onlyRequest: ['no other request fits', '没有其他请求符合'],
  oneOfRequests: ['one of {n} equal requests of this account', '该账号 {n} 个相同请求中的一个'],
  manyAccounts: [
    '{n} accounts asked for the same command in the same container at the same moment',
    '{n} 个账号在同一时刻请求在同一容器中执行相同的命令',
  ],
  moreProgramsThanRequests: [
    'more programs with these arguments started in that moment than were asked for through the API',
    '那一刻以这些参数启动的程序多于通过 API 的请求',
  ],
  lateAndUnclear: ['a slow start that several requests or programs could explain', '启动缓慢，多个请求或程序都可能是其来源'],
  clockUnknown: [
    "the node's clock cannot be compared with the API server's, and several requests may be meant",
    '无法将节点时钟与 API 服务器时钟相比较，可能对应多个请求',
  ],
  runsUnasked: [
    'was or is started here without being asked for through the API as well (a probe, a hook, a client on the node), and this may be that',
    '该命令在此处也会不经 API 请求而启动（探针、钩子、节点上的客户端），此次可能正是如此',
  ],
  slowStart: ['a slow start', '启动缓慢'],
  recordsLost: [
    'records of this node are missing around this moment, so another program may have been there',
    '该节点在这一时刻前后缺少记录，因此可能还有其他程序',
  ],
  // Entries without a request
  probeCommand: ['the command of a probe in the pod specification', 'Pod 规约中探针的命令'],
  hookCommand: ['the command of a lifecycle hook in the pod specification', 'Pod 规约中生命周期钩子的命令'],
  clientOnNode: ['{client} on the node named this container', '节点上的 {client} 指明了该容器'],
  clientOnNodeBy: [
    '{client} on the node by login uid {uid} named this container',
    '节点上登录 uid {uid} 的 {client} 指明了该容器',
  ],
  joinedFromNode: ['{client} on the node went into the container, past its runtime', '节点上的 {client} 绕过运行时进入了该容器'],
  joinedFromNodeBy: [
    '{client} on the node by login uid {uid} went into the container, past its runtime',
    '节点上登录 uid {uid} 的 {client} 绕过运行时进入了该容器',
  ],
  byHand: ['the runtime was called by hand on the node', '有人在节点上手动调用了容器运行时'],
  byHandBy: ['the runtime was called by hand on the node by login uid {uid}', '登录 uid {uid} 在节点上手动调用了容器运行时'],
  repeated: [
    'repeated every {s} s without any request; the pod specification is not known',
    '每 {s} 秒重复一次且没有请求；Pod 规约未知',
  ],
  unexplained: [
    'no API request, no probe, no hook and no client on the node explains this entry',
    '没有 API 请求、探针、钩子或节点上的客户端能够解释这次进入',
  ],
  probeNotExcluded: ['the pod specification is not known, so a probe cannot be ruled out', 'Pod 规约未知，因此不能排除是探针'],
  notCovered: ['no API audit covers this moment, so nobody can be named', '这一时刻没有 API 审计，因此无法指明任何人'],
  ownProgram: ["the container's own program and what it starts", '容器自身的程序及其启动的程序'],
  podUnknown: [
    'the pod is not known: neither CRI labels nor a pod object name this container',
    'Pod 未知：CRI 标签与 Pod 对象都没有指明该容器',
  ],
  podInferred: ['the pod was found out from the requests that match, not told', 'Pod 是由相符的请求推断的，并非直接得知'],
  // Attach, debug, shared
  attachedToShell: ["attached to the container's shell, which runs only what is typed", '附加到容器的 shell，它只执行输入的内容'],
  attachedAlone: ['nobody else was attached then', '当时没有其他人附加'],
  severalAttached: ['several accounts were attached at that moment', '当时有多个账号附加'],
  programByItself: ["the container's own program may have started these by itself", '这些也可能是容器自身的程序启动的'],
  endLost: [
    'events of the API log are missing, so this attachment may have ended before',
    'API 日志缺少事件，因此该附加可能在此之前已经结束',
  ],
  wasAttached: ['was attached at that moment', '当时处于附加状态'],
  wasInside: ['was in this container at that moment', '当时在该容器中'],
  askedForDebug: ['asked for an ephemeral container of this name', '请求了该名称的临时容器'],
  debugByName: ['the ephemeral container that the request asked for by name', '请求中按名称指定的临时容器'],
  parentsUnknown: [
    'the parents of these programs are not known; {n} process trees in this container were alive and may have started them',
    '这些程序的父进程未知；该容器中当时存活的 {n} 个进程树都可能启动了它们',
  ],
  parentsUnknownOwn: [
    "the parents of these programs are not known; {n} process trees in this container were alive and may have started them, the container's own among them",
    '这些程序的父进程未知；该容器中当时存活的 {n} 个进程树（包括容器自身的）都可能启动了它们',
  ],
  typedByNobody: [
    "typed on a terminal that no known session and not the container's own program has",
    '在终端上输入，而该终端不属于任何已知会话，也不属于容器自身的程序',
  ],
  programUnseen: [
    'the parents of these programs are not known, and a request was going on whose program was not seen to start',
    '这些程序的父进程未知，而当时有一个请求正在进行，其程序未见启动',
  ],
  programNotSeen: ['asked for a program that was not seen to start', '请求了一个未见启动的程序'],
  // Requests without a process
  apiRecorded: ['the API server recorded who asked', 'API 服务器记录了请求者'],
  needsNoProgram: ['needs no program in the container', '不需要容器中的程序'],
  denied: ['was denied', '被拒绝'],
  refused: ['was refused: no such pod or container, or a malformed request', '被拒绝：没有该 Pod 或容器，或请求有误'],
  noProgram: ['was allowed, but no program was seen to start in the container', '已获准，但未见容器中启动程序'],
  sandboxed: [
    "was allowed, but its programs run in a sandbox ({name}), where the node's audit cannot see them: record them inside the sandbox, or give the pod another runtime class",
    '已获准，但其程序在沙箱（{name}）中运行，节点审计无法看到：请在沙箱内部记录，或为该 Pod 使用其他运行时类',
  ],
  noAnswer: [
    'no Linux audit of the node covers this moment, or no answer was recorded',
    '该节点在这一时刻没有 Linux 审计，或没有记录到应答',
  ],
  // Risk
  enteredWithoutRequest: ['entered without any API request', '没有任何 API 请求而进入'],
  enteredFromNode: ['entered from the node, past the API', '绕过 API 从节点进入'],
  ownContainer: ['put a container of its own into the pod', '在 Pod 中放入了自己的容器'],
  ranOnNode: ['ran on the node, outside the container', '在容器之外的节点上运行'],
  touchesAudit: ['touches the audit system itself', '触及审计系统本身'],
  leavesContainer: ['{name} can leave the container for the node', '{name} 可以离开容器进入节点'],
  controlsContainers: ['{name} controls containers from the node', '{name} 从节点控制容器'],
  namesSecrets: ['names a path that holds secrets', '涉及存放机密的路径'],
  riskyProgram: ['{name} is one of the {n} risky programs', '{name} 是 {n} 个风险程序之一'],
  looksAround: ['{name} looks around', '{name} 查看环境'],
  // Evidence without which a rule cannot fire
  noCommands: ['no commands from any node', '没有来自任何节点的命令'],
  noApiAudit: ['no audit log of the API server', '没有 API 服务器的审计日志'],
  noLinuxAudit: ['no audit records of a node', '没有节点的审计记录'],
  noSessions: ['no sessions', '没有会话'],
  noHeartbeats: ['no agent has ever reported', '从未有代理上报'],
  noDiskMetrics: ['no disk metrics from any node', '没有来自任何节点的磁盘指标'],
  noSeccomp: ['no SECCOMP records from any node', '没有来自任何节点的 SECCOMP 记录'],
  noPods: ['no list of pods', '没有 Pod 列表'],
  // Alerts that no channel is told of
  silenced: ['silence {id}: {text}', '静默 {id}：{text}'],
  outsideHours: ['outside the hours of the rule', '不在规则的生效时段内'],
  toldBefore: ['mute: the group was told of in alert {id}', '抑制：该组已在告警 {id} 中通知过'],
  onlyInbox: ['only in the inbox', '仅在收件箱中'],
} as const satisfies Record<string, readonly [en: string, zh: string]>

export type StatementName = keyof typeof STATEMENTS
type Values = Readonly<Record<string, string | number>>

/** Names of all statements. */
export const STATEMENT_NAMES = Object.keys(STATEMENTS) as StatementName[]

/** A statement in English with its values filled in: the form that is stored. */
export function state(name: StatementName, values: Values = {}): string {
  return fill(STATEMENTS[name][0], values)
}

/**
 * A stored statement in Chinese. A program's name in front (`rm: …`) is kept; what is no statement
 * of ours comes back unchanged.
 */
export function inChinese(sentence: string): string {
  for (const { pattern, slots, zh } of patterns()) {
    const match = pattern.exec(sentence)
    if (match !== null) return fill(zh, Object.fromEntries(slots.map((slot, at) => [slot, match[at + 1] ?? ''])))
  }
  const named = /^([^:\s]+): (.+)$/s.exec(sentence)
  if (named === null) return sentence
  const rest = inChinese(named[2] ?? '')
  return rest === named[2] ? sentence : `${named[1]}：${rest}`
}

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (_whole, slot: string) => String(values[slot] ?? ''))
}

interface Pattern {
  readonly pattern: RegExp
  readonly slots: readonly string[]
  readonly zh: string
}

let made: Pattern[] | undefined

function patterns(): Pattern[] {
  made ??= STATEMENT_NAMES.map((name) => {
    const [en, zh] = STATEMENTS[name]
    const slots = [...en.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot ?? '')
    const source = en
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{(\w+)\}/g, (_whole, slot) => (slot === 'text' ? '(.*?)' : '(\\S+?)'))
    return { pattern: new RegExp(`^${source}$`, 's'), slots, zh }
  })
  return made
}
