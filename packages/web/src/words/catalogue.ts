/** One text of the pages in every language: a plain text, or one made from values. */
type Entry = { readonly en: string; readonly zh: string } | { readonly en: Made; readonly zh: Made }
type Made = (...values: never[]) => string

const number = (value: number) => value.toLocaleString('en-US').replaceAll(',', '\u202f')

/**
 * Every text of the pages. A text without one of its languages fails the type check, and so does a page
 * that asks for a text that is not here. Field names, queries and recorded text are never translated.
 */
export const catalogue = {
  // Frame
  skip: { en: 'Skip to content', zh: '跳到正文' },
  language: { en: 'Language', zh: '语言' },
  theme: { en: 'Theme', zh: '主题' },
  themeSystem: { en: 'System', zh: '跟随系统' },
  themeLight: { en: 'Light', zh: '浅色' },
  themeDark: { en: 'Dark', zh: '深色' },
  keyboardHelp: { en: 'Keyboard help', zh: '键盘帮助' },
  signOut: { en: 'Sign out', zh: '退出登录' },
  close: { en: 'Close', zh: '关闭' },
  clusters: { en: (names: string) => `Cluster ${names}`, zh: (names: string) => `集群 ${names}` },
  loading: { en: 'Loading…', zh: '加载中…' },
  retry: { en: 'Try again', zh: '重试' },
  why: { en: 'Why', zh: '原因' },
  doThis: { en: 'Do this', zh: '怎么办' },
  code: { en: 'Code', zh: '代码' },
  copy: { en: 'Copy', zh: '复制' },
  copied: { en: 'Copied', zh: '已复制' },
  copyLink: { en: 'Copy link', zh: '复制链接' },
  notFound: { en: 'There is no such page', zh: '没有这个页面' },
  toSessions: { en: 'All sessions', zh: '全部会话' },
  showAll: {
    en: (length: number) => `Show all ${number(length)} characters`,
    zh: (length: number) => `显示全部 ${number(length)} 个字符`,
  },

  count: { en: number, zh: number },

  // Overview
  overview: { en: 'Overview', zh: '容器内审计概览' },
  overviewLead: { en: 'Who entered, where, and what they ran there', zh: '谁进入了哪里,在里面执行了什么' },
  toOverview: { en: 'Overview', zh: '概览' },
  entries: { en: 'Entries', zh: '进入次数' },
  podsEntered: { en: 'Pods entered', zh: '被进入的 Pod' },
  accounts: { en: 'Accounts', zh: '账号' },
  accountsCount: {
    en: (count: number) => (count === 1 ? 'by 1 account' : `by ${number(count)} accounts`),
    zh: (count: number) => `涉及 ${number(count)} 个账号`,
  },
  changed: {
    en: (change: number) =>
      change === 0
        ? 'as many as before'
        : `${change > 0 ? '▲' : '▼'} ${number(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than the time before`,
    zh: (change: number) =>
      change === 0 ? '与上一时段相同' : `较上一时段 ${change > 0 ? '▲' : '▼'} ${number(Math.abs(change))}`,
  },
  riskyCommands: { en: 'Risky commands', zh: '风险命令' },
  risky: { en: 'Risky', zh: '有风险' },
  riskyOf: { en: (count: number) => `${number(count)} risky`, zh: (count: number) => `其中 ${number(count)} 次有风险` },
  ofCommands: { en: (count: number) => `of ${number(count)} commands`, zh: (count: number) => `共 ${number(count)} 条命令` },
  noApiRecord: { en: 'No API record', zh: '无 API 记录' },
  commandsRun: { en: 'Commands run', zh: '执行的命令' },
  mostRun: { en: 'Most often', zh: '最常见' },
  rarelyRun: { en: 'Least often', zh: '最少见' },
  riskyOperations: { en: 'Risky operations', zh: '风险操作' },
  listedOf: {
    en: (listed: number, total: number) => (listed === total ? `all ${number(total)}` : `${number(listed)} of ${number(total)}`),
    zh: (listed: number, total: number) =>
      listed === total ? `全部 ${number(total)} 条` : `${number(listed)} / ${number(total)} 条`,
  },
  barsLabel: {
    en: (slots: number, step: string, highest: number) =>
      `Entries over ${number(slots)} intervals of ${step}, at most ${number(highest)} in one`,
    zh: (slots: number, step: string, highest: number) =>
      `${number(slots)} 个时段(每段 ${step})的进入次数,单段最多 ${number(highest)} 次`,
  },
  evidence: { en: 'Evidence', zh: '证据' },

  // Hunt
  hunt: { en: 'Hunt', zh: '查询' },
  toHunt: { en: 'Hunt', zh: '查询' },
  query: { en: 'Query', zh: '查询语句' },
  queryLanguage: { en: 'Query language', zh: '查询语言' },
  run: { en: 'Run', zh: '运行' },
  keyRun: { en: 'Run the query', zh: '运行查询' },
  pastQueries: { en: 'Past queries', zh: '历史查询' },
  examples: { en: 'To begin with', zh: '从这里开始' },
  exampleRisky: { en: 'Risky programs, who ran them and where', zh: '风险程序:谁在哪里运行' },
  exampleByUser: { en: 'Commands and programs by account', zh: '各账号的命令数与程序数' },
  exampleOverTime: { en: 'Commands over time, a line for each account', zh: '命令随时间变化,每账号一条线' },
  exampleSecrets: { en: 'Who read secrets', zh: '谁读取了 Secret' },
  exampleEntered: { en: 'Entries into containers, as Alibaba Cloud SLS asks for them', zh: '进入容器的操作(阿里云 SLS 写法)' },
  rowsShown: {
    en: (count: number) => (count === 1 ? '1 row' : `${number(count)} rows`),
    zh: (count: number) => `${number(count)} 行`,
  },
  cutAt: {
    en: (count: number) => `cut at ${number(count)}: there are more`,
    zh: (count: number) => `仅取前 ${number(count)} 行,还有更多`,
  },
  scanned: {
    en: (rows: number, ms: number) => `${number(rows)} rows looked at in ${number(ms)} ms`,
    zh: (rows: number, ms: number) => `扫描 ${number(rows)} 行,用时 ${number(ms)} 毫秒`,
  },
  noRows: { en: 'Nothing matches in this time.', zh: '该时段内没有匹配。' },
  showMore: {
    en: (count: number) => `Show more (${number(count)} left)`,
    zh: (count: number) => `显示更多(还有 ${number(count)} 行)`,
  },
  includeValue: { en: 'Only rows with this value', zh: '仅保留此值' },
  excludeValue: { en: 'Without this value', zh: '排除此值' },
  emptyValue: { en: '(empty)', zh: '(空)' },
  topOfRows: {
    en: (count: number) => `Commonest values in these ${number(count)} rows`,
    zh: (count: number) => `这 ${number(count)} 行中最常见的值`,
  },
  chartOf: {
    en: (series: number) =>
      `Chart of ${series === 1 ? '1 series' : `${number(series)} series`}; the table below has every number`,
    zh: (series: number) => `${number(series)} 个序列的图表,数值见下表`,
  },

  // Integrity
  integrity: { en: 'Integrity', zh: '完整性' },
  integrityLead: {
    en: 'Whether the store still holds what was put into it: every signature, every batch, every row.',
    zh: '存储的内容是否与写入时一致:逐一核对签名、批次与每一行。',
  },
  toIntegrity: { en: 'Integrity', zh: '完整性' },
  intact: { en: 'Intact', zh: '完好' },
  notIntact: { en: 'Not intact', zh: '已被改动' },
  notIntactDo: {
    en: 'Copy the data folder before anything else, and do not restart. Below is what was found, and where.',
    zh: '请先复制数据目录,不要重启。下面列出发现的问题及其位置。',
  },
  notChecked: { en: 'Not checked yet', zh: '尚未核对' },
  checkNow: { en: 'Open to check it', zh: '打开以核对' },
  verifyNow: { en: 'Check now', zh: '立即核对' },
  checking: { en: 'Checking…', zh: '正在核对…' },
  batchesDone: {
    en: (done: number, all: number) => `${number(done)} of ${number(all)} batches`,
    zh: (done: number, all: number) => `${number(done)} / ${number(all)} 个批次`,
  },
  signedRows: {
    en: (rows: number, batches: number) => `${number(rows)} events in ${number(batches)} signed batches`,
    zh: (rows: number, batches: number) => `${number(rows)} 个事件,${number(batches)} 个已签名批次`,
  },
  checkedAt: { en: (at: string) => `Checked at ${at} UTC`, zh: (at: string) => `核对时间 ${at} UTC` },
  noLedger: {
    en: 'This server keeps no ledger: it works on a ClickHouse server, and what is stored there is signed where it is stored from.',
    zh: '本服务没有账本:它使用外部 ClickHouse,签名保存在写入数据的进程一侧。',
  },
  heads: { en: 'Heads', zh: '链头' },
  headsMean: {
    en: 'Keep these elsewhere: with them anybody can show later that the ledger was cut or written anew.',
    zh: '请另行保存:凭它们日后可以证明账本是否被截断或重写。',
  },
  chainOf: {
    en: (chain: string, entries: number) => `${chain}, ${number(entries)} entries`,
    zh: (chain: string, entries: number) => `${chain},${number(entries)} 条`,
  },
  signingKey: { en: 'Key', zh: '密钥' },
  findings: { en: 'Findings', zh: '发现' },
  alarm: { en: 'Alarm', zh: '警报' },
  note: { en: 'Note', zh: '说明' },
  batch: { en: 'batch', zh: '批次' },
  eventsBetween: {
    en: (from: string, to: string) => `events from ${from} to ${to} UTC`,
    zh: (from: string, to: string) => `事件时间 ${from} 至 ${to} UTC`,
  },
  integrityLimits: {
    en: 'Before a record arrives, trust rests on its node. Somebody with the private key and all rights on this machine could write a new ledger; that shows only against heads or keys kept elsewhere.',
    zh: '记录到达之前,可信度取决于其节点。掌握私钥并拥有本机全部权限的人可以重写账本;只有与另行保存的链头或密钥比对才能发现。',
  },

  // Signing in
  signIn: { en: 'Sign in', zh: '登录' },
  token: { en: 'Token', zh: '令牌' },
  signInHow: {
    en: 'The command that started the server printed an address with a token. Open that address, or paste the token here.',
    zh: '启动服务的命令打印了一个带令牌的地址。请打开该地址,或把令牌粘贴到这里。',
  },
  tokenRefused: { en: 'The token is not the one this server printed.', zh: '令牌与服务打印的不一致。' },

  // Sessions
  sessions: { en: 'Sessions', zh: '会话' },
  sessionsLead: { en: 'Who entered which container, and what they ran', zh: '谁进入了哪个容器,执行了什么' },
  searchCommands: { en: 'Find a command in any session', zh: '在所有会话中查找命令' },
  searchHint: { en: 'curl, or a glob: *rm*/etc*', zh: 'curl,或通配符:*rm*/etc*' },
  account: { en: 'Account', zh: '账号' },
  namespace: { en: 'Namespace', zh: '命名空间' },
  pod: { en: 'Pod', zh: 'Pod' },
  image: { en: 'Image', zh: '镜像' },
  entry: { en: 'Entry', zh: '进入方式' },
  confidence: { en: 'Confidence', zh: '可信度' },
  risk: { en: 'Risk', zh: '风险' },
  riskFrom: { en: 'Risk from', zh: '风险不低于' },
  anyRisk: { en: 'Any risk', zh: '任意风险' },
  platform: { en: 'Probes, hooks and entry points', zh: '探针、钩子与容器入口' },
  more: { en: 'More', zh: '更多' },
  clearFilters: { en: 'Remove all filters', zh: '清除全部筛选' },
  removeFilter: { en: (what: string) => `Remove filter ${what}`, zh: (what: string) => `移除筛选 ${what}` },
  findValue: { en: 'Find a value', zh: '查找取值' },
  noValues: { en: 'No values', zh: '没有取值' },
  apply: { en: 'Apply', zh: '应用' },
  sort: { en: 'Order', zh: '排序' },
  newest: { en: 'Newest first', zh: '最新在前' },
  oldest: { en: 'Oldest first', zh: '最早在前' },
  byRisk: { en: 'Highest risk first', zh: '风险最高在前' },
  byCommands: { en: 'Most commands first', zh: '命令最多在前' },
  longest: { en: 'Longest first', zh: '时长最长在前' },
  matchCount: {
    en: (total: number) => (total === 1 ? '1 session' : `${number(total)} sessions`),
    zh: (total: number) => `${number(total)} 个会话`,
  },
  outOf: { en: (all: number) => `of ${number(all)} in this time`, zh: (all: number) => `,该时段共 ${number(all)} 个` },
  start: { en: 'Start', zh: '开始' },
  length: { en: 'Length', zh: '时长' },
  where: { en: 'Where', zh: '位置' },
  commandsShort: { en: 'Cmds', zh: '命令数' },
  commandAsked: { en: 'Command', zh: '命令' },
  matchInSession: { en: 'Match in session', zh: '会话内匹配' },
  moreMatches: { en: (count: number) => `+${number(count)} more`, zh: (count: number) => `另有 ${number(count)} 条` },
  noEnd: { en: 'no end seen', zh: '未见结束' },
  or: { en: 'or', zh: '或' },
  nobody: { en: 'Nobody named', zh: '无账号记录' },
  unnamed: { en: 'unknown', zh: '未知' },
  notReceived: { en: 'API audit not received', zh: '未收到 API 审计' },
  emptyStore: { en: 'No data yet', zh: '还没有数据' },
  emptyStoreDo: {
    en: 'Import the logs of a node and of the API server, and the sessions appear here:',
    zh: '导入节点与 API 服务器的日志后,会话会出现在这里:',
  },
  importing: { en: 'Importing', zh: '正在导入' },
  emptyRange: { en: 'Nobody entered a container in this time', zh: '该时段内没有人进入容器' },
  emptyRangeDo: {
    en: (from: string, to: string) => `There is data from ${from} to ${to} UTC.`,
    zh: (from: string, to: string) => `已有数据的时段:${from} 至 ${to} UTC。`,
  },
  showAllData: { en: 'Show all data', zh: '显示全部数据' },
  emptyFilter: { en: 'The filters leave nothing', zh: '筛选后没有结果' },
  emptyFilterDo: {
    en: (count: number) => `${number(count)} sessions of this time are filtered out.`,
    zh: (count: number) => `该时段的 ${number(count)} 个会话被筛掉。`,
  },
  missingApi: {
    en: 'No API audit received: entries cannot be given an account.',
    zh: '未收到 API 审计:无法为进入操作确定账号。',
  },
  missingNode: {
    en: 'No node audit received: entries are listed, their commands are not known.',
    zh: '未收到节点审计:只能列出进入操作,无法得知执行的命令。',
  },
  missingContainers: {
    en: 'No container records: pods are known only where a request or the runtime named them.',
    zh: '没有容器记录:仅当请求或运行时写明时才知道 Pod。',
  },
  missingPods: {
    en: 'No pod specifications: probes and hooks are told from entries by their shape alone.',
    zh: '没有 Pod 规格:只能凭形态区分探针、钩子与进入操作。',
  },

  // Time
  time: { en: 'Time', zh: '时间' },
  allData: { en: 'All data', zh: '全部数据' },
  last: { en: (span: string) => `Last ${span}`, zh: (span: string) => `最近 ${span}` },
  around: { en: (at: string, span: string) => `${at} ± ${span}`, zh: (at: string, span: string) => `${at} ± ${span}` },
  between: { en: 'Between', zh: '起止' },
  from: { en: 'From', zh: '从' },
  to: { en: 'To', zh: '到' },
  aroundMoment: { en: 'Around a moment', zh: '某一时刻前后' },
  moment: { en: 'Moment', zh: '时刻' },
  beforeAfter: { en: 'Before and after', zh: '前后' },
  timeForm: { en: 'UTC, as 2026-11-21 02:53:11', zh: 'UTC,如 2026-11-21 02:53:11' },
  badTime: { en: 'Write a date such as 2026-11-21 02:53:11', zh: '请按 2026-11-21 02:53:11 的形式填写' },

  // Words of the model
  proven: { en: 'proven', zh: '确证' },
  matched: { en: 'matched', zh: '匹配' },
  ambiguous: { en: 'ambiguous', zh: '存疑' },
  none: { en: 'no API record', zh: '无 API 记录' },
  provenMeans: { en: 'The platform carried the request id into the container.', zh: '平台把请求标识带进了容器。' },
  matchedMeans: { en: 'Exactly one API request fits this entry.', zh: '恰有一个 API 请求与此次进入相符。' },
  ambiguousMeans: {
    en: 'Several API requests fit. All of them are named; none is preferred.',
    zh: '有多个 API 请求相符。全部列出,不作偏向。',
  },
  noneMeans: { en: 'No API request fits this entry.', zh: '没有 API 请求与此次进入相符。' },
  report: { en: 'Report', zh: '报告' },
  low: { en: 'Low', zh: '低' },
  medium: { en: 'Medium', zh: '中' },
  high: { en: 'High', zh: '高' },
  critical: { en: 'Critical', zh: '严重' },
  entryExec: { en: 'exec', zh: 'exec' },
  entryCp: { en: 'copy', zh: '复制文件' },
  entryAttach: { en: 'attach', zh: 'attach' },
  entryPortforward: { en: 'port-forward', zh: '端口转发' },
  entryDebug: { en: 'debug container', zh: '调试容器' },
  entryNodeLocal: { en: 'on the node, past the API', zh: '节点本地,绕过 API' },
  entryUnrecorded: { en: 'unrecorded', zh: '无记录' },
  entryProbe: { en: 'probe', zh: '探针' },
  entryHook: { en: 'lifecycle hook', zh: '生命周期钩子' },
  entryContainer: { en: 'container entry point', zh: '容器入口' },
  denied: { en: 'denied', zh: '被拒绝' },
  refused: { en: 'failed', zh: '失败' },
  noProcess: { en: 'nothing ran', zh: '未运行程序' },
  unknownOutcome: { en: 'no answer recorded', zh: '无应答记录' },
  terminal: { en: 'terminal', zh: '终端' },

  // One session
  session: { en: 'Session', zh: '会话' },
  sourceIp: { en: 'From', zh: '来源' },
  groups: { en: 'Groups', zh: '用户组' },
  actingAs: { en: 'Acting as', zh: '扮演账号' },
  node: { en: 'Node', zh: '节点' },
  container: { en: 'Container', zh: '容器' },
  labels: { en: 'Labels', zh: '标签' },
  client: { en: 'Client', zh: '客户端' },
  reasons: { en: 'Reasons', zh: '依据' },
  candidates: { en: 'It may have been', zh: '可能是' },
  request: { en: 'Request', zh: '请求' },
  timeline: { en: 'Timeline', zh: '时间线' },
  idle: { en: (length: string) => `${length} idle`, zh: (length: string) => `空闲 ${length}` },
  idleSkipped: { en: 'proportional to time, idle skipped', zh: '按时间比例,跳过空闲' },
  markLabel: {
    en: (count: number, at: string, risk: string) => `${count === 1 ? '1 command' : `${count} commands`} at ${at}, risk ${risk}`,
    zh: (count: number, at: string, risk: string) => `${at},${count} 条命令,风险${risk}`,
  },
  callMark: { en: 'API call', zh: 'API 调用' },
  deniedCall: { en: 'denied call', zh: '被拒绝的调用' },
  commands: { en: 'Commands', zh: '命令' },
  findInSession: { en: 'Find in this session', zh: '在本会话中查找' },
  matchesFound: {
    en: (count: number) => (count === 1 ? '1 match' : `${number(count)} matches`),
    zh: (count: number) => `${number(count)} 处匹配`,
  },
  processTree: { en: 'Process tree', zh: '进程树' },
  atThisMoment: { en: 'Selected command', zh: '选中的命令' },
  noSelection: { en: 'Select a command to see its details.', zh: '选择一条命令以查看详情。' },
  noCommands: { en: 'No program was seen in this session.', zh: '本会话中未见程序运行。' },
  noCommandsPortforward: { en: 'A port-forward starts no program in the container.', zh: '端口转发不会在容器中启动程序。' },
  noCommandsDenied: { en: 'The API server denied the request: nothing ran.', zh: 'API 服务器拒绝了该请求:没有程序运行。' },
  noCommandsRefused: { en: 'The request failed: nothing ran.', zh: '请求失败:没有程序运行。' },
  noCommandsMissing: { en: 'The request was allowed but its program could not be started.', zh: '请求被允许,但程序无法启动。' },
  noMatchInSession: { en: 'No match in this session', zh: '本会话中没有匹配' },
  builtins: {
    en: 'Shell built-ins (cd, echo, export …) are not programs and do not appear.',
    zh: 'Shell 内建命令(cd、echo、export 等)不是程序,不会出现。',
  },
  leftOut: {
    en: (count: number) => `${number(count)} further commands are not shown.`,
    zh: (count: number) => `另有 ${number(count)} 条命令未显示。`,
  },
  onHost: { en: 'on the host', zh: '在宿主机上' },
  apiCalls: { en: 'API calls by the same account, ±60 s', zh: '同一账号的 API 调用(±60 秒)' },
  noApiCalls: { en: 'None recorded.', zh: '没有记录。' },
  ownCall: { en: 'opened this session', zh: '打开了本会话' },
  maybeOwnCall: { en: 'may have opened this session', zh: '可能打开了本会话' },
  previous: { en: 'Previous session', zh: '上一会话' },
  next: { en: 'Next session', zh: '下一会话' },
  gapKernel: {
    en: (count: number) => `the kernel lost ${count || 'some'} records here`,
    zh: (count: number) => `内核在此丢失 ${count || '若干'} 条记录`,
  },
  gapSerial: {
    en: (count: number) => `${count || 'some'} audit serials are missing here`,
    zh: (count: number) => `此处缺少 ${count || '若干'} 个审计序号`,
  },
  gapRejected: {
    en: (count: number) => `${count || 'some'} lines could not be read here`,
    zh: (count: number) => `此处有 ${count || '若干'} 行无法解析`,
  },
  gapSilent: { en: 'the source was silent here', zh: '此处来源无数据' },
  gaps: { en: 'Known gaps', zh: '已知缺口' },

  // One command or event
  program: { en: 'Program', zh: '程序' },
  arguments: { en: 'Arguments', zh: '参数' },
  directory: { en: 'Directory', zh: '目录' },
  process: { en: 'Process', zh: '进程' },
  parent: { en: 'parent', zh: '父进程' },
  exitCode: { en: 'execve returned', zh: 'execve 返回' },
  placedBy: { en: 'Placed by', zh: '归属依据' },
  placedRoot: { en: 'first program of the entry', zh: '进入后的首个程序' },
  placedLineage: { en: 'its parent process', zh: '父进程' },
  placedTerminal: { en: 'its terminal', zh: '所用终端' },
  placedAmbiguous: { en: 'ambiguous: one of several sessions', zh: '存疑:多个会话之一' },
  placedWrapper: { en: 'by the program that wraps it, such as sudo', zh: '由包装它的程序(如 sudo)确定' },
  placedScript: { en: 'by the script that names it', zh: '由提到它的脚本确定' },
  placedContainer: { en: "as a child of the container's own program", zh: '作为容器自身程序的子进程' },
  auditRecord: { en: 'Audit event', zh: '审计事件' },
  rawRecord: { en: 'Raw records', zh: '原始记录' },
  openEvent: { en: 'Open as a page', zh: '在独立页面打开' },
  rawLead: {
    en: (count: number) => (count === 1 ? '1 line, exactly as received' : `${count} lines, exactly as received`),
    zh: (count: number) => `${count} 行,与接收时完全一致`,
  },
  rawLatin: { en: 'The bytes are not UTF-8; each is shown as one character.', zh: '字节不是 UTF-8,按单字节逐一显示。' },
  wrap: { en: 'Wrap lines', zh: '自动换行' },
  copyRaw: { en: 'Copy raw', zh: '复制原文' },
  summary: { en: 'Summary', zh: '概要' },
  fields: { en: 'Fields', zh: '字段' },
  event: { en: 'Event', zh: '事件' },
  who: { en: 'Who', zh: '谁' },
  what: { en: 'What', zh: '做了什么' },
  source: { en: 'Source', zh: '来源' },
  related: { en: 'Related API events', zh: '相关 API 事件' },
  inSession: { en: 'Open its session', zh: '打开所属会话' },
  notPlaced: { en: 'Belongs to no session', zh: '不属于任何会话' },

  // Keys
  keysTitle: { en: 'Keys on this page', zh: '本页快捷键' },
  keysOn: { en: 'Single-key shortcuts', zh: '启用单键快捷键' },
  keyHelp: { en: 'This help, on and off', zh: '打开或关闭本帮助' },
  keySearch: { en: 'Search', zh: '搜索' },
  keyNextRow: { en: 'Next row', zh: '下一行' },
  keyPreviousRow: { en: 'Previous row', zh: '上一行' },
  keyNextMatch: { en: 'Next match', zh: '下一处匹配' },
  keyOpen: { en: 'Open', zh: '打开' },
  keyRaw: { en: 'Raw records of the selected command', zh: '所选命令的原始记录' },
  keyOut: { en: 'One level out', zh: '返回上一层' },
} as const satisfies Record<string, Entry>

type Catalogue = typeof catalogue

/** The texts of one language. */
export type Words = { readonly [Name in keyof Catalogue]: Widened<Catalogue[Name]['en']> }
type Widened<Text> = Text extends string ? string : Text

/** Names of the texts that need no values. */
export type PlainWord = { [Name in keyof Words]: Words[Name] extends string ? Name : never }[keyof Words]
