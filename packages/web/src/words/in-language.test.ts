import { expect, it } from 'vitest'
import { inLanguage } from './in-language.ts'

it.each([
  ['Low disk / 磁盘空间不足', 'Low disk', '磁盘空间不足'],
  ['Read or write / both. / 读 / 写。', 'Read or write / both.', '读 / 写。'],
  ['Root / 以 root 身份运行', 'Root', '以 root 身份运行'],
  ['As root / root 身份', 'As root', 'root 身份'],
])('%s is told in either language', (text, en, zh) => {
  expect([inLanguage(text, 'en'), inLanguage(text, 'zh')]).toEqual([en, zh])
})

it.each(['', 'Entry', 'a / b', '进入容器', '进入 / entry', 'see /etc/磁盘', ' / 磁盘', 'list 名单 / 规则'])(
  '%j is not of that form and stays whole',
  (text) => {
    expect([inLanguage(text, 'en'), inLanguage(text, 'zh')]).toEqual([text, text])
  },
)
