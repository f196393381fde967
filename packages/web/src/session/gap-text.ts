import type { Gap } from '@podwitness/api'
import type { Words } from '../words/catalogue.ts'

/** What is missing, in the reader's words. */
export function gapText(gap: Gap, words: Words): string {
  if (gap.code === 'kernel-lost') return words.gapKernel(gap.records)
  if (gap.code === 'serial-gap') return words.gapSerial(gap.records)
  if (gap.code === 'dropped') return words.gapDropped(gap.records)
  return gap.code === 'rejected' ? words.gapRejected(gap.records) : words.gapSilent
}
