import { INTAKES, type SourceState } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { CommandBlock } from '../../controls/command-block.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { meQuery, stateQuery } from '../../data/queries.ts'
import { sourcesQuery } from '../../data/settings-queries.ts'
import { inertText } from '../../text/visible-text.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import { SET_UP, setUpPlace } from '../set-up-commands.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'
import { SourceTest } from '../source-test.tsx'

/** What comes in, and from where. */
export const sources: SettingsSection = { id: 'sources', word: 'sources', lead: 'sourcesLead', Content: Sources }

type Known = (typeof INTAKES)[number]
const INTAKE_WORDS = {
  agents: 'intakeAgents',
  'apiserver-webhook': 'intakeWebhook',
  'apiserver-log': 'intakeLog',
  syslog: 'intakeSyslog',
  http: 'intakeHttp',
  otlp: 'intakeOtlp',
  fluent: 'intakeFluent',
} as const satisfies Record<Known, PlainWord>
const STATE_WORDS = {
  off: 'sourceOff',
  waiting: 'sourceWaiting',
  receiving: 'sourceReceiving',
  silent: 'sourceSilent',
} as const satisfies Record<SourceState['state'], PlainWord>
const STATE_SHAPES: Readonly<Record<SourceState['state'], string>> = { off: '○', waiting: '◔', receiving: '●', silent: '▲' }

function Sources() {
  const words = useWords()
  const sourcesAsked = useQuery(sourcesQuery)
  return (
    <>
      <Asked query={sourcesAsked}>
        {({ sources: list, intakeOn, rejectsFolder }) => (
          <>
            {!intakeOn && <p className={styles.note}>{words.intakeOff}</p>}
            <SourceTable list={list} />
            {rejectsFolder !== '' && (
              <p className={styles.soft}>
                {words.refusedKept} <code>{rejectsFolder}</code>
              </p>
            )}
          </>
        )}
      </Asked>
      <h2 className={styles.part}>{words.setUp}</h2>
      <SetUps />
      <h2 className={styles.part}>{words.importedFiles}</h2>
      <Imports />
    </>
  )
}

function SourceTable({ list }: { readonly list: readonly SourceState[] }) {
  const words = useWords()
  const columns = [
    { title: words.wayIn },
    { title: words.sourceState },
    { title: words.listensAt },
    { title: words.lastArrival },
    { title: words.perMinute, number: true },
    { title: words.lastHour, number: true },
    { title: words.lastDay, number: true },
    { title: words.refusedCount, number: true },
  ]
  const rows = list.map(({ intake, state, addresses, lastReceived, lastHour, lastDay, refused }) => ({
    key: intake,
    cells: [
      isKnown(intake) ? words[INTAKE_WORDS[intake]] : <RecordedText key="name" text={intake} limit={80} />,
      <span key="state" className={styles.state} data-state={state}>
        <span aria-hidden="true">{STATE_SHAPES[state]}</span> {words[STATE_WORDS[state]]}
      </span>,
      <RecordedText key="at" text={addresses.join(', ') || '–'} limit={160} />,
      lastReceived === null ? '–' : dateTimeText(lastReceived),
      words.rate(lastHour / 60),
      words.count(lastHour),
      words.count(lastDay),
      <Refused key="refused" refused={refused} />,
    ],
  }))
  return <PlainTable label={words.sources} columns={columns} rows={rows} />
}

function Refused({ refused }: { readonly refused: SourceState['refused'] }) {
  const words = useWords()
  if (refused.length === 0) return words.count(0)
  return refused.map(({ code, count }) => (
    <div key={code}>
      <code>{code}</code> {words.count(count)}
    </div>
  ))
}

function SetUps() {
  const words = useWords()
  const me = useQuery(meQuery)
  const place = setUpPlace(me.data?.clusters ?? [], location.hostname)
  return INTAKES.map((intake) => (
    <details key={intake} className={styles.fold}>
      <summary>{words[INTAKE_WORDS[intake]]}</summary>
      <CommandBlock text={SET_UP[intake](place)} />
      <SourceTest intake={intake} name={words[INTAKE_WORDS[intake]]} />
    </details>
  ))
}

function Imports() {
  const words = useWords()
  const state = useQuery(stateQuery)
  return (
    <Asked query={state}>
      {({ imports }) =>
        imports.length === 0 ? (
          <p className={styles.soft}>{words.noImports}</p>
        ) : (
          <PlainTable
            label={words.importedFiles}
            columns={[
              { title: words.file },
              { title: words.format },
              { title: words.eventsStored, number: true },
              { title: words.knownAlready, number: true },
              { title: words.refusedCount, number: true },
              { title: words.importedAt },
            ]}
            rows={imports.map(({ importId, path, format, events, duplicates, rejects, finished, state: done }) => ({
              key: importId,
              cells: [
                <RecordedText key="path" text={path.split('/').at(-1) ?? path} limit={80} />,
                inertText(format),
                words.count(events),
                words.count(duplicates),
                words.count(rejects),
                done === 'running' ? words.importRunning : dateTimeText(finished),
              ],
            }))}
          />
        )
      }
    </Asked>
  )
}

function isKnown(intake: string): intake is Known {
  return (INTAKES as readonly string[]).includes(intake)
}
