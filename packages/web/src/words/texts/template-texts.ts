import { number, type TextEntries } from './text-entry.ts'

/** Texts about content templates, and about leaving rows out of a rule. */
export const templateTexts = {
  newRule: { en: 'New rule', zh: '新建规则' },
  templates: { en: 'Content templates', zh: '内容模板' },
  templatesLead: {
    en: 'What a message says. Shown as the newest alert would read in DingTalk.',
    zh: '通知的内容。以最新告警在钉钉中的样子预览。',
  },
  noTemplates: { en: 'None yet: messages have a form of their own.', zh: '暂无：通知使用默认格式。' },
  newTemplate: { en: 'New template', zh: '新建模板' },
  templateId: { en: 'Identifier', zh: '标识符' },
  templateTitle: { en: 'Title', zh: '标题' },
  templateBody: { en: 'Body', zh: '发送内容' },
  changeTemplate: { en: 'Change', zh: '修改' },
  removeTemplate: { en: 'Remove', zh: '删除' },
  repairTemplate: { en: 'Repair', zh: '修复' },
  templatePreview: { en: 'As the newest alert would read', zh: '最新告警的预览' },
  templateTaken: { en: 'There is a template of this identifier.', zh: '该标识符的模板已存在。' },
  exceptRow: { en: 'Leave such rows out', zh: '排除此类行' },
  samplesOf: { en: 'Some of the rows', zh: '部分行' },
  windowsLooked: {
    en: (looked: number, all: number) => `${number(looked)} of ${number(all)} windows were looked at in the time there is.`,
    zh: (looked: number, all: number) => `在限定时间内查看了 ${number(all)} 个窗口中的 ${number(looked)} 个。`,
  },
} as const satisfies TextEntries
