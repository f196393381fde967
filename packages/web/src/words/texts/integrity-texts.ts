import { counted, number, type TextEntries } from './text-entry.ts'

/** Texts of the Integrity page. */
export const integrityTexts = {
  integrity: { en: 'Integrity', zh: '完整性' },
  integrityLead: {
    en: 'Whether the store still holds what was put into it: every signature, every batch, every row.',
    zh: '存储的内容是否与写入时一致：逐一核对签名、批次与每一行。',
  },
  toIntegrity: { en: 'Integrity', zh: '完整性' },
  intact: { en: 'Intact', zh: '完好' },
  notIntact: { en: 'Not intact', zh: '已被改动' },
  notIntactDo: {
    en: 'Copy the data folder before anything else, and do not restart. Below is what was found, and where.',
    zh: '请先复制数据目录，不要重启。下面列出发现的问题及其位置。',
  },
  notChecked: { en: 'Not checked yet', zh: '尚未核对' },
  checkNow: { en: 'Open to check it', zh: '打开以核对' },
  verifyNow: { en: 'Check now', zh: '立即核对' },
  checking: { en: 'Checking…', zh: '正在核对…' },
  batchesDone: {
    en: (done: number, all: number) => `${number(done)} of ${counted(all, 'batch', 'batches')}`,
    zh: (done: number, all: number) => `${number(done)} / ${number(all)} 个批次`,
  },
  signedRows: {
    en: (rows: number, batches: number) => `${counted(rows, 'event')} in ${counted(batches, 'signed batch', 'signed batches')}`,
    zh: (rows: number, batches: number) => `${number(rows)} 个事件，${number(batches)} 个已签名批次`,
  },
  checkedAt: { en: (at: string) => `Checked at ${at} UTC`, zh: (at: string) => `核对时间 ${at} UTC` },
  noLedger: {
    en: 'This server keeps no ledger: it works on a ClickHouse server, and what is stored there is signed where it is stored from.',
    zh: '本服务没有账本：它使用外部 ClickHouse，签名保存在写入数据的进程一侧。',
  },
  heads: { en: 'Heads', zh: '链头' },
  headsMean: {
    en: 'Keep these elsewhere: with them anybody can show later that the ledger was cut or written anew.',
    zh: '请另行保存：凭它们日后可以证明账本是否被截断或重写。',
  },
  chainOf: {
    en: (chain: string, entries: number) => `${chain}, ${counted(entries, 'entry', 'entries')}`,
    zh: (chain: string, entries: number) => `${chain}，${number(entries)} 条`,
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
    zh: '记录到达之前，可信度取决于其节点。掌握私钥并拥有本机全部权限的人可以重写账本；只有与另行保存的链头或密钥比对才能发现。',
  },
} as const satisfies TextEntries
