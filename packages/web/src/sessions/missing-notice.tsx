import type { RouteReply, stateRoute } from '@podwitness/api'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import styles from './sessions-page.module.css'

type Missing = RouteReply<typeof stateRoute>['missing'][number]

const TEXTS = {
  'no-data': undefined,
  'no-api-audit': 'missingApi',
  'no-node-audit': 'missingNode',
  'no-containers': 'missingContainers',
  'no-pods': 'missingPods',
} as const satisfies Record<Missing, PlainWord | undefined>

/** What has not been received and what follows from it. */
export function MissingNotice({ missing }: { readonly missing: readonly Missing[] }) {
  const words = useWords()
  const texts = missing.includes('no-data') ? [] : missing.flatMap((code) => TEXTS[code] ?? [])
  if (texts.length === 0) return null
  return (
    <ul className={styles.missing}>
      {texts.map((text) => (
        <li key={text}>{words[text]}</li>
      ))}
    </ul>
  )
}
