import { counted, number, type TextEntries } from './text-entry.ts'

/** Texts of the page of one event: its parts, the pod, the proof. */
export const eventTexts = {
  partsOfEvent: { en: 'Parts of this page', zh: '本页内容' },
  summaryPart: { en: 'Summary', zh: '摘要' },
  storyPart: { en: 'Story ±5 min', zh: '前后 5 分钟' },
  kubernetesObject: { en: 'Kubernetes object', zh: 'Kubernetes 对象' },
  keyNextInStory: { en: 'Next event of the story', zh: '前后经过中的下一个事件' },
  keyPreviousInStory: { en: 'Previous event of the story', zh: '前后经过中的上一个事件' },
  noPodSeen: {
    en: 'No pod is known for this event: it is not about one, or none of that name was ever seen.',
    zh: '该事件没有对应的 Pod：事件与 Pod 无关，或从未见过该名称的 Pod。',
  },
  podSeen: { en: (at: string) => `The pod as it was last seen, ${at} UTC`, zh: (at: string) => `Pod 最近一次的状态，${at} UTC` },
  wholeObject: { en: 'The whole object', zh: '完整对象' },
  eventProven: { en: 'Proven: a signature stands behind these bytes.', zh: '已证明：这些字节有签名为证。' },
  eventNotProven: {
    en: 'Not proven: no signature stands behind these bytes as they are stored.',
    zh: '未能证明：当前存储的字节没有签名为证。',
  },
  checkedHereAt: { en: (at: string) => `Checked by the server, ${at} UTC`, zh: (at: string) => `服务端校验于 ${at} UTC` },
  eventHash: { en: 'Hash of the event', zh: '事件哈希' },
  placeOf: {
    en: (place: number, rows: number) => `event ${number(place)} of ${number(rows)}`,
    zh: (place: number, rows: number) => `第 ${number(place)} 个事件，共 ${number(rows)} 个`,
  },
  adoptedBatch: { en: 'signed as found: stored before there was a ledger', zh: '按原样补签：入库早于账本' },
  merkleRoot: { en: 'Merkle root', zh: 'Merkle 根' },
  ledgerEntry: { en: 'Ledger entry', zh: '账本条目' },
  merklePath: {
    en: (steps: number) => `Path to the root, ${counted(steps, 'step')}`,
    zh: (steps: number) => `到根的路径，共 ${number(steps)} 步`,
  },
  onTheLeft: { en: 'left', zh: '左' },
  onTheRight: { en: 'right', zh: '右' },
  saveProof: { en: 'Save proof', zh: '保存证明' },
  copyProof: { en: 'Copy proof', zh: '复制证明' },
  checkElsewhere: {
    en: 'Check it elsewhere, without this server and with the public key you kept:',
    zh: '可在其他主机上离线校验，使用事先留存的公钥：',
  },
} as const satisfies TextEntries
