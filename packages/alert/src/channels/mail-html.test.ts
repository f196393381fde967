import { expect, it } from 'vitest'
import { safeText } from '../safe-text.ts'
import { mailHtml } from './mail-html.ts'

const linksOf = (text: string) => [...mailHtml({ title: 't', text }).matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href)

it('keeps the links of the message', () => {
  expect(linksOf('[详情](https://witness.example/alerts/1) [设置](http://witness.example/rules/2)')).toEqual([
    'https://witness.example/alerts/1',
    'http://witness.example/rules/2',
  ])
})

// Each of them leads a browser to evil.example. Source: WHATWG URL, special authority slashes state.
it.each(['https://evil.example', 'https:/evil.example', 'HTTPS:\\\\evil.example', 'https:evil.example', 'ahttp://evil.example'])(
  'makes no link of %s in a value',
  (address) => {
    expect(linksOf(safeText(`[Open session](${address})`))).toEqual([])
  },
)

it('makes no link of two values and what a template puts between them', () => {
  expect(linksOf(`${safeText('[Open session](https:')}/${safeText('/evil.example)')}`)).toEqual([])
})

it('loads nothing and escapes everything', () => {
  const html = mailHtml({ title: '</title><script>x()</script>', text: '<img src=//x.invalid/a.png onerror=x()>"\'&' })
  expect(html).not.toMatch(/<(script|img)/)
  expect(html.match(/&lt;script&gt;/g)).toHaveLength(2)
})
