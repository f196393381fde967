import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { TokenStore } from '@podwitness/server'
import { blankRow, type Store } from '@podwitness/store'

/** Ways in which text has become a script, markup or an instruction elsewhere. Source: OWASP XSS Filter Evasion Cheat Sheet. */
export const WAYS = [
  '<img src=x onerror=__ran()>',
  '"><svg/onload=__ran()>',
  '</script><script>__ran()</script>',
  '</title></textarea></style><script>__ran()</script>',
  '<a href="javascript:__ran()">x</a>',
  'javascript:__ran()//',
  '<iframe srcdoc="<script>parent.__ran()</script>">',
  '<math><mtext><table><mglyph><style><!--</style><img src=x onerror=__ran()>',
  '<details open ontoggle=__ran()>',
  '<style>@import"//x.invalid/a.css"</style>',
  "'-__ran()-'`${__ran()}`",
  "{{constructor.constructor('__ran()')()}}{% raw %}",
  '&lt;script&gt;__ran()&lt;/script&gt;&#60;b&#62;',
  '%3Cscript%3E__ran()%3C%2Fscript%3E',
  '[x](javascript:__ran()) ![x](//x.invalid/a.png) **b**',
  'data:text/html,<script>__ran()</script>',
  '<base href="//x.invalid/"><form action="//x.invalid/"><button>',
  '=HYPERLINK("//x.invalid/","x")',
] as const
/** Characters that hide, reorder or act: right-to-left override, zero width, terminal control. */
const ACTING = '\u202e\u200b\x1b[2J'

let count = 0
/** Text as an intruder would choose it; another one each time. */
export function hostile(): string {
  return `${WAYS[count++ % WAYS.length]}${ACTING}`
}

/** A row whose every text is hostile, but for what is set. */
function hostileRow<Row extends object>(blank: Row, set: Partial<Row>): Row {
  const worse = (value: unknown): unknown => {
    if (value === '') return hostile()
    if (Array.isArray(value)) return [hostile(), hostile()]
    return typeof value === 'object' && value !== null ? { [hostile()]: hostile() } : value
  }
  return { ...Object.fromEntries(Object.entries(blank).map(([name, value]) => [name, worse(value)])), ...set } as Row
}

const AT = Date.UTC(2026, 10, 21, 2, 53)
const time = storeTime(AT)
const later = storeTime(AT + 60_000)
const iso = (ms: number) => new Date(ms).toISOString()

/** Session `evil` of an account, with a command and a request; `several` may have been two. */
async function sessions(store: Store): Promise<void> {
  const common = {
    start: time,
    end: later,
    version: '1',
    outcome: 'started',
    command_count: 3,
    status: 101,
    is_deleted: 0 as const,
  }
  const candidate = () => ({
    user: hostile(),
    groups: [hostile()],
    auditId: hostile(),
    reasons: [hostile()],
  })
  await store.writer.insert(
    'sessions',
    [
      hostileRow(blankRow('sessions'), {
        ...common,
        trace_id: 'evil',
        entry: 'exec',
        confidence: 'matched',
        risk: 4,
        candidates: '[]',
        tty: 1,
      }),
      hostileRow(blankRow('sessions'), {
        ...{ ...common, trace_id: 'several', entry: 'exec', confidence: 'ambiguous', user: '', risk: 2 },
        candidates: JSON.stringify([candidate(), candidate()]),
      }),
      hostileRow(blankRow('sessions'), {
        ...common,
        trace_id: 'unrecorded',
        entry: 'node-local',
        confidence: 'none',
        user: '',
        candidates: '[]',
      }),
    ],
    'hostile-sessions',
  )
}

async function events(store: Store): Promise<void> {
  const common = { time, event_id: '', batch_id: '' }
  const commands = ['evil', 'evil', 'evil', 'several', 'unrecorded'].map((trace_id, at) =>
    hostileRow(blankRow('events'), {
      ...common,
      event_id: `command-${at}`,
      trace_id,
      kind: 'Command',
      pid: at + 10,
      ppid: 1,
      serial: at,
    }),
  )
  const object = {
    metadata: { name: hostile(), labels: { [hostile()]: hostile() } },
    spec: { containers: [{ image: hostile() }], [hostile()]: hostile() },
  }
  const request = {
    ...{
      kind: 'Event',
      verb: hostile(),
      auditID: hostile(),
      requestURI: hostile(),
      userAgent: hostile(),
      stage: 'ResponseComplete',
    },
    ...{ user: { username: hostile(), groups: [hostile()] }, objectRef: { name: hostile(), namespace: hostile() } },
    ...{ annotations: { [hostile()]: hostile() }, requestObject: object, responseObject: object },
  }
  const others = (['KubeAudit', 'LinuxAudit', 'Syslog', 'Finding'] as const).map((kind) =>
    hostileRow(blankRow('events'), {
      ...{ ...common, event_id: kind, kind, status: 403 },
      ...(kind === 'KubeAudit' ? { raw: JSON.stringify(request) } : {}),
    }),
  )
  await store.writer.insert('events', [...commands, ...others], 'hostile-events')
}

/** What people and programs typed: rules, channels, templates, silences, identities, queries, users, tokens. */
async function objects(store: Store): Promise<void> {
  const rule = [
    ...[
      'id: evil',
      `name: ${JSON.stringify(hostile())}`,
      'query:',
      '  lang: kql',
      '  text: |',
      "    Commands | where Name != ''",
    ],
    ...['check: 1m', 'severity: high', ''],
  ].join('\n')
  const alertObject = (kind: string, id: string, spec: object) => ({
    ...blankRow('alert_objects'),
    kind,
    id,
    spec: JSON.stringify(spec),
    changed: time,
    version: '1',
  })
  await store.writer.insert(
    'alert_objects',
    [
      alertObject('rule', 'evil', { yaml: rule }),
      alertObject('channel', 'evil', {
        id: 'evil',
        name: hostile(),
        type: 'webhook',
        options: { url: 'http://127.0.0.1:1/', [hostile()]: hostile() },
      }),
      alertObject('template', 'evil', {
        id: 'evil',
        name: hostile(),
        title: hostile(),
        body: `${hostile()}\n\${results[0].CommandLine}`,
      }),
      alertObject('silence', 'evil', {
        id: 'evil',
        matchers: { [hostile()]: hostile() },
        fromMs: AT,
        toMs: Date.now() + 86_400_000,
        reason: hostile(),
        by: hostile(),
      }),
      ...[hostile(), hostile()].map((account) =>
        alertObject('identity', account, { account, person: hostile(), team: hostile(), uid: hostile(), by: hostile() }),
      ),
    ],
    'hostile-objects',
  )
  const query = {
    name: hostile(),
    lang: 'kql',
    query: `Commands // ${hostile()}`,
    description: hostile(),
    tags: [hostile()],
    shared: true,
  }
  await store.writer.insert(
    'saved_queries',
    [{ ...blankRow('saved_queries'), id: 'evil', owner: hostile(), spec: JSON.stringify(query), changed: time, version: '1' }],
    'hostile-query',
  )
  const access = (kind: string, id: string, spec: object) => ({
    ...blankRow('access_objects'),
    kind,
    id,
    spec: JSON.stringify(spec),
    changed: time,
    version: '1',
  })
  const user = hostile()
  const ends = iso(Date.now() + 86_400_000)
  const rights = { role: 'viewer', namespaces: [hostile()], clusters: [hostile()] }
  await store.writer.insert(
    'access_objects',
    [
      access('user', user, {
        name: user,
        ...rights,
        disabled: false,
        source: 'local',
        password: '',
        created: iso(AT),
        createdBy: hostile(),
      }),
      access('token', '0123456789abcdef', {
        label: hostile(),
        user,
        role: 'viewer',
        hash: '',
        created: iso(AT),
        expires: ends,
        revoked: false,
      }),
      access('token-use', '0123456789abcdef', { time: iso(AT), address: hostile() }),
      access('sign-in', 'evil', {
        user,
        how: 'password',
        address: hostile(),
        agent: hostile(),
        created: iso(Date.now()),
        seen: iso(Date.now()),
        ends,
      }),
    ],
    'hostile-access',
  )
}

/** What alerts say, and to whom; what nodes say of themselves; what was imported. */
async function reports(store: Store): Promise<void> {
  const result = Object.fromEntries(['User', 'Pod', 'Namespace', 'CommandLine', hostile()].map((name) => [name, hostile()]))
  const alert = (state: string, at: number) =>
    hostileRow(blankRow('alerts'), {
      ...{
        alert_id: `alert-${at}`,
        rule_id: 'evil',
        severity: 'high',
        state,
        row_count: 1,
        row_keys: ['k'],
        results: JSON.stringify([{ ...result, TraceId: 'evil' }]),
      },
      ...{
        created: storeTime(Date.now() - at * 1000),
        updated: later,
        span_from: time,
        span_to: later,
        silenced: at === 0 ? '' : hostile(),
        version: '1',
      },
    })
  await store.writer.insert('alerts', [alert('open', 0), alert('open', 1), alert('acknowledged', 2)], 'hostile-alerts')
  const delivery = {
    delivery_id: 'evil',
    alert_ids: ['alert-0'],
    created: later,
    updated: later,
    state: 'failed',
    carrier: '',
    version: '1',
  }
  await store.writer.insert('alert_deliveries', [hostileRow(blankRow('alert_deliveries'), delivery)], 'hostile-delivery')
  const now = storeTime(Date.now())
  const facts = Object.fromEntries(['auditd', 'agent', 'kernel', hostile()].map((name) => [name, hostile()]))
  await store.writer.insert(
    'heartbeats',
    [hostileRow(blankRow('heartbeats'), { time: now, counters: { events: 7, [hostile()]: 1 }, facts })],
    'hostile-heartbeat',
  )
  await store.writer.insert('loss', [hostileRow(blankRow('loss'), { since: time, until: later, count: 12 })], 'hostile-loss')
  const imported = { started: time, finished: later, version: '1', state: 'done' }
  await store.writer.insert('imports', [hostileRow(blankRow('imports'), imported)], 'hostile-import')
}

/** Fills a store with what an intruder could have named anything that the page shows. */
export async function fillHostile(store: Store): Promise<void> {
  for (const fill of [sessions, events, objects, reports]) await fill(store)
}

/** The same for tokens of senders, which are files in the data folder. */
export function hostileTokens(directory: string): void {
  const tokens = new TokenStore(join(directory, 'pki', 'tokens'))
  for (const kind of ['join', 'apiserver', 'app'] as const)
    tokens.create({ kind, cluster: hostile(), name: hostile() }, '0'.repeat(64))
}

/** One more event, as if it came in now. */
export function arrive(store: Store): Promise<void> {
  const event = hostileRow(blankRow('events'), {
    time: storeTime(Date.now()),
    event_id: 'arrived',
    kind: 'Command',
    trace_id: '',
  })
  return store.writer.insert('events', [event], 'hostile-arrival')
}
