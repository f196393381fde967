import { number, type TextEntries } from './text-entry.ts'

/** Texts of the Hunt page. */
export const huntTexts = {
  hunt: { en: 'Hunt', zh: '查询' },
  toHunt: { en: 'Hunt', zh: '查询' },
  query: { en: 'Query', zh: '查询语句' },
  queryLanguage: { en: 'Query language', zh: '查询语言' },
  run: { en: 'Run', zh: '运行' },
  keyRun: { en: 'Run the query', zh: '运行查询' },
  keyComplete: { en: 'What could stand here', zh: '补全' },
  keyUnzoom: { en: 'Undo the zoom', zh: '撤销缩放' },
  formatQuery: { en: 'Lay out', zh: '格式化' },
  makeRule: { en: 'Make a rule', zh: '建立规则' },
  matchesInTime: {
    en: (count: number) => (count === 1 ? '1 match in this time' : `${number(count)} matches in this time`),
    zh: (count: number) => `该时段共 ${number(count)} 条匹配`,
  },
  dragToZoom: { en: 'all counted; drag over the bars to narrow the time', zh: '全部计入;在柱上拖动以缩小时段' },
  histogramLabel: {
    en: (buckets: number, highest: number) => `Matches over ${number(buckets)} intervals, at most ${number(highest)} in one`,
    zh: (buckets: number, highest: number) => `${number(buckets)} 个时段的匹配数,单段最多 ${number(highest)} 条`,
  },
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
} as const satisfies TextEntries
