import { number, type TextEntries } from './text-entry.ts'

/** Texts of the command palette. */
export const paletteTexts = {
  palette: { en: 'Commands and places', zh: '命令与位置' },
  keyPalette: { en: 'Commands and places: go anywhere, do anything', zh: '命令与位置：前往任意页面，执行任意操作' },
  paletteHint: {
    en: 'A page, an act, a trace or event id, an account, a pod',
    zh: '页面、操作、traceId 或 eventId、账号、Pod',
  },
  paletteLines: {
    en: (count: number) => (count === 1 ? '1 choice' : `${number(count)} choices`),
    zh: (count: number) => `${number(count)} 个选项`,
  },
  paletteLooking: { en: 'Looking in the store…', zh: '正在存储中查找…' },
  setTo: { en: (what: string, value: string) => `${what}: ${value}`, zh: (what: string, value: string) => `${what}：${value}` },
  act: { en: 'Act', zh: '操作' },
  goTo: { en: 'Page', zh: '页面' },
  setting: { en: 'Setting', zh: '设置项' },
  savedQuery: { en: 'Saved query', zh: '已保存的查询' },
  pastedAddress: { en: 'Open the pasted address', zh: '打开粘贴的地址' },
  searchEverywhere: {
    en: (text: string) => `Find ${text} in the commands of every session`,
    zh: (text: string) => `在所有会话的命令中查找 ${text}`,
  },
  sessionsOf: {
    en: (count: number) => (count === 1 ? '1 session' : `${number(count)} sessions`),
    zh: (count: number) => `${number(count)} 个会话`,
  },
} as const satisfies TextEntries
