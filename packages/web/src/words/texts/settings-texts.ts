import type { TextEntries } from './text-entry.ts'

/** Texts of the Settings page. */
export const settingsTexts = {
  settings: { en: 'Settings', zh: '设置' },
  toSettings: { en: 'Settings', zh: '设置' },
  keyNextSection: { en: 'Next section', zh: '下一项设置' },
  keyPreviousSection: { en: 'Previous section', zh: '上一项设置' },
  appearance: { en: 'Appearance', zh: '外观' },
  appearanceLead: { en: 'Kept in this browser only', zh: '仅保存在本浏览器' },
  timesAreUtc: { en: 'All times are UTC, as in the records.', zh: '所有时间均为 UTC,与记录一致。' },
  about: { en: 'About', zh: '关于' },
  aboutLead: { en: 'Which podwitness this is', zh: '本程序的版本与许可' },
  version: { en: 'Version', zh: '版本' },
  licence: { en: 'Licence', zh: '许可证' },
} as const satisfies TextEntries
