import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { type Diagnostic, linter } from '@codemirror/lint'
import type { Extension } from '@codemirror/state'
import { type EditorView, hoverTooltip } from '@codemirror/view'
import { client } from '../data/client.ts'
import { inertText } from '../text/visible-text.ts'
import type { HuntLanguage } from './language-support.ts'

/** The time in which values are looked for, ISO 8601; an absent bound is open. */
export type AskedBounds = { readonly from?: string; readonly to?: string }

/** Icons of the editor for what may stand at the cursor. */
const ICONS = {
  ...{ keyword: 'keyword', operator: 'keyword', function: 'function', aggregate: 'function', table: 'class' },
  ...{ field: 'property', variable: 'variable', type: 'type', chart: 'enum', value: 'text' },
} as const
/** Typing pauses so long before the server is asked what is wrong, in milliseconds. */
const LINT_DELAY_MS = 400
const HOVER_MS = 350

/** What the server knows of a language: completion, words about a place, faults. A server that does not answer is silence. */
export function serverLanguage(lang: HuntLanguage, bounds: () => AskedBounds): Extension {
  return [
    autocompletion({ override: [(context) => completions(lang, bounds(), context)], icons: false }),
    hoverTooltip((view, position) => hover(lang, view, position), { hoverTime: HOVER_MS, hideOnChange: true }),
    linter((view) => faults(lang, view), { delay: LINT_DELAY_MS }),
  ]
}

/** The same query, well laid out; as it is where the server cannot say. */
export async function formatted(lang: HuntLanguage, text: string): Promise<string> {
  return client.format({ lang, text }).then(
    (reply) => reply.text,
    () => text,
  )
}

async function completions(
  lang: HuntLanguage,
  bounds: AskedBounds,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos)
  // Nothing begins after a blank unless it is asked for, or after the words that open a place.
  if (!context.explicit && !/[\w'"|(.:]/.test(before)) return null
  const asked = new AbortController()
  context.addEventListener('abort', () => asked.abort())
  const text = context.state.doc.toString()
  const found = await client.complete({ lang, text, position: context.pos, ...bounds }, asked.signal).catch(() => null)
  if (found === null || context.aborted || found.items.length === 0) return null
  return {
    from: found.from,
    to: found.to,
    options: found.items.map((item) => ({
      label: inertText(item.label),
      type: ICONS[item.kind],
      ...detailOf(item),
      apply: (view: EditorView, _completion: Completion, from: number, to: number) =>
        view.dispatch({
          changes: { from, to, insert: item.before + item.after },
          selection: { anchor: from + item.before.length },
          userEvent: 'input.complete',
        }),
    })),
    validFor: /^[\w.]*$/,
  }
}

function detailOf({ detail, count }: { detail?: string | undefined; count?: number | undefined }): { detail?: string } {
  if (count !== undefined) return { detail: String(count) }
  return detail === undefined ? {} : { detail: inertText(detail) }
}

async function hover(lang: HuntLanguage, view: EditorView, position: number) {
  const text = view.state.doc.toString()
  const reply = await client.hover({ lang, text, position }).catch(() => null)
  if (reply === null || reply.hover === null || view.state.doc.toString() !== text) return null
  const { from, to, text: said } = reply.hover
  return {
    pos: from,
    end: to,
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'cm-words'
      dom.textContent = said
      return { dom }
    },
  }
}

async function faults(lang: HuntLanguage, view: EditorView): Promise<Diagnostic[]> {
  const text = view.state.doc.toString()
  if (text.trim() === '') return []
  const reply = await client.diagnose({ lang, text }).catch(() => null)
  return (reply?.diagnostics ?? []).map(({ from, to, severity, code, message }) => ({
    from: Math.min(from, text.length),
    to: Math.min(Math.max(to, from), text.length),
    severity,
    source: code,
    message,
  }))
}
