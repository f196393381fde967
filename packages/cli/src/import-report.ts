import type { ImportSummary } from '@podwitness/server'
import { countText } from './text/size-text.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'

/** What became of each file, and of all together. */
export function importReport(summary: ImportSummary): string[] {
  const rows = summary.files.map((file) => [
    visibleText(file.path.split('/').at(-1) ?? ''),
    file.format,
    file.result === 'known' ? 'known already' : 'imported',
    countText(file.lines),
    countText(file.events),
    countText(file.duplicates),
    countText(file.rejects),
  ])
  const columns = [
    { title: 'FILE', max: 40 },
    { title: 'FORMAT' },
    { title: 'RESULT' },
    { title: 'LINES', right: true },
    { title: 'EVENTS', right: true },
    { title: 'DUPLICATES', right: true },
    { title: 'REJECTS', right: true },
  ]
  return [...tableLines(columns, rows), ...rejectLines(summary)]
}

function rejectLines({ files }: ImportSummary): string[] {
  return files
    .filter(({ rejects }) => rejects > 0)
    .map(({ path, rejectsByCode, rejectsPath }) => {
      const codes = Object.entries(rejectsByCode).map(([code, count]) => `${countText(count)} ${code}`)
      return visibleText(`rejected of ${path}: ${codes.join(', ')}; line numbers and reasons in ${rejectsPath}`)
    })
}
