import { createHash } from 'node:crypto'
import type { SessionCommandDetail, SessionDetail } from '@podwitness/api'
import type { EvidenceBundle } from './bundle.ts'
import { verifyBundle } from './verify-bundle.ts'

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .2rem 1rem; margin: 0 } dt { color: GrayText } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .15rem .6rem .15rem 0; vertical-align: top; overflow-wrap: anywhere }
td:first-child, pre { font-family: ui-monospace, monospace; font-size: .85em } td:first-child { white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid GrayText; padding-left: .8rem; margin: .3rem 0 1rem }
#verdict { padding: .6rem .8rem; border: 1px solid GrayText; border-radius: .3rem } #verdict[data-intact=false] { border: 3px double currentColor; font-weight: bold }
`

/** Fills in the verdict when the page is opened: the page does not say what it has not checked. */
const SCRIPT = `
const bundle = JSON.parse(document.getElementById('bundle').textContent)
verifyBundle(bundle).then((verdict) => {
  const box = document.getElementById('verdict')
  const intact = verdict.unproven.length === 0 && verdict.badEntries.length === 0
  box.dataset.intact = String(intact)
  const signed = verdict.signaturesChecked ? 'hashes and signatures' : 'hashes (this browser cannot check the signatures: run verify.mjs)'
  box.textContent = intact
    ? 'Checked here and now: all ' + verdict.events + ' events are in batches of the ledger, unchanged; checked were ' + signed + '.'
    : 'Not intact: ' + verdict.unproven.length + ' of ' + verdict.events + ' events are in no signed batch; ' + verdict.badEntries.length + ' ledger entries are not what was signed.'
}, (error) => { document.getElementById('verdict').textContent = 'The check could not run: ' + error })
${verifyBundle.toString()}
`

/** One file that shows a session and checks its evidence where it is opened; it loads nothing and sends nothing. */
export function evidencePage(bundle: EvidenceBundle): string {
  const { session, events } = bundle
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>Evidence of session ${inert(session.traceId)}</title>
<style>${STYLE}</style>
<h1>Session ${inert(session.traceId)}</h1>
<p id="verdict" role="status">Being checked …</p>
<dl>${factsOf(session, bundle.made)
    .map(([name, value]) => `<dt>${name}</dt><dd>${inert(value)}</dd>`)
    .join('\n')}</dl>
<h2>Commands (${session.commands.length})</h2>
<table><tbody>${session.commands.map(commandRow).join('\n')}</tbody></table>
<h2>Evidence as received (${events.length} events)</h2>
${events.map(({ eventId, kind, source, raw, entry }) => `<p>${inert(kind)} · ${inert(source)} · ${inert(eventId)} · ledger ${inert(entry || 'none')}</p>\n<pre>${inert(raw)}</pre>`).join('\n')}
<script type="application/json" id="bundle">${JSON.stringify(bundle).replaceAll('<', '\\u003c')}</script>
<script>${SCRIPT}</script>
</html>
`
}

function factsOf(session: SessionDetail, made: string): [string, string][] {
  const who = session.user ?? `one of ${session.candidates.map(({ user }) => user).join(', ') || 'nobody known'}`
  return [
    ['Who', who],
    ['How sure', `${session.confidence}: ${session.reasons.join('; ')}`],
    ['From', [session.sourceIp, session.userAgent].filter((text) => text !== '').join(' · ')],
    ['Where', `${session.namespace}/${session.pod} · ${session.container} · ${session.image}`],
    ['Node', `${session.node} · cluster ${session.cluster}`],
    ['When', `${session.start} to ${session.end || 'not recorded'}`],
    ['Asked for', session.command.join(' ')],
    ['Risk', `${session.risk}${session.riskReason === '' ? '' : `: ${session.riskReason}`}`],
    ['API requests', session.auditIds.join(' ')],
    ['Bundle made', made],
  ]
}

function commandRow({ time, cmdline, name, cwd, uid, exit }: SessionCommandDetail): string {
  return `<tr><td>${inert(time)}</td><td>${inert(cmdline || name)}</td><td>${inert(cwd)}</td><td>uid ${uid}</td><td>${exit === 0 ? '' : `exit ${exit}`}</td></tr>`
}

/** Text that can be nothing but text: markup escaped, control and direction characters shown as their code. */
function inert(text: string): string {
  return text
    .replace(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
