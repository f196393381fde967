import type { Message } from '../channel.ts'
import { htmlEscaped } from '../safe-text.ts'

/**
 * The least that makes a mail readable: no line wider than the window, and colours for a light and for a dark theme.
 * Source: CSS Color Adjustment Module Level 1, `color-scheme`. Mail programs that leave styles out show it in their own way.
 */
const STYLE = `:root{color-scheme:light dark}
body{max-width:44rem;margin:1rem auto;padding:0 1rem;font:15px/1.5 sans-serif;overflow-wrap:anywhere;background:#fff;color:#17191c}
a{color:#0b5cad}
h3{font-size:1.1rem;margin:0 0 .6rem}
p{margin:0}
@media (prefers-color-scheme:dark){body{background:#17191c;color:#e6e8eb}a{color:#8ab8f2}}`

/** Links that a message has, `[words](address)`. Addresses in values are broken already, so those that are whole are ours. */
const LINK = /\[([^\]\n]*)\]\((https?:\/\/[^)\s]+)\)/g

/** A message as a page for mail programs: its text, escaped, and its own links; nothing that is loaded from elsewhere. */
export function mailHtml({ title, text }: Pick<Message, 'title' | 'text'>): string {
  const lines = htmlEscaped(text).replace(LINK, '<a href="$2">$1</a>').split('\n')
  const name = htmlEscaped(title)
  return `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${name}</title><style>${STYLE}</style></head>
<body><h3>${name}</h3>
<p>${lines.join('<br>\n')}</p></body></html>`
}
