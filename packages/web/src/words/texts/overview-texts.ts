import { counted, number, type TextEntries } from './text-entry.ts'

/** Texts of the Overview page. */
export const overviewTexts = {
  overview: { en: 'Overview', zh: '容器内审计概览' },
  overviewLead: { en: 'Who entered, where, and what they ran there', zh: '谁进入了哪里，在里面执行了什么' },
  toOverview: { en: 'Overview', zh: '概览' },
  entries: { en: 'Entries', zh: '进入次数' },
  podsEntered: { en: 'Pods entered', zh: '被进入的 Pod' },
  accounts: { en: 'Accounts', zh: '账号' },
  accountsCount: {
    en: (count: number) => `by ${counted(count, 'account')}`,
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
  ofCommands: { en: (count: number) => `of ${counted(count, 'command')}`, zh: (count: number) => `共 ${number(count)} 条命令` },
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
      `Entries over ${counted(slots, 'interval')} of ${step}, at most ${number(highest)} in one`,
    zh: (slots: number, step: string, highest: number) =>
      `${number(slots)} 个时段（每段 ${step}）的进入次数，单段最多 ${number(highest)} 次`,
  },
  evidence: { en: 'Evidence', zh: '证据' },
} as const satisfies TextEntries
