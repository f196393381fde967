import type { ListedRule, RulePreview } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import styles from '../alerts/alerts-page.module.css'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { client } from '../data/client.ts'
import { rulesQuery } from '../data/rules-query.ts'
import { ROW, rowKeys } from '../keys/row-keys.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { rulesSearchOf } from '../search/rules-search.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useRuleText, useStatement, useWords } from '../words/use-words.ts'
import { addException } from './add-exception.ts'
import { ContentTemplates } from './content-templates.tsx'
import { draftRule } from './draft-rule.ts'
import { PreviewSamples } from './preview-samples.tsx'

/** What a rule made from nothing asks first. */
const NEW_QUERY = "Commands\n| where Name == 'nsenter'"

/** Every alert rule: what it is for, whether the data can make it fire, what it did; and a place to change it. */
export function RulesPage() {
  const words = useWords()
  const rules = useQuery(rulesQuery)
  const { q, lang } = rulesSearchOf(useSearch({ strict: false }))
  const { ruleId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [yaml, setYaml] = useState<string | null>(q === undefined ? null : draftRule(lang ?? 'kql', q))
  // An address may name a rule; its text comes with the list.
  const named = rules.data?.rules.find(({ id }) => id === ruleId)?.yaml
  useEffect(() => {
    if (named !== undefined) setYaml(named)
  }, [named])
  usePageKeys([
    ...rowKeys([['Enter', 'changeRule', 'change']]),
    { keys: 'n', word: 'newRule', act: () => setYaml(draftRule('kql', NEW_QUERY)) },
    { keys: 'Ctrl+Enter', word: 'previewRule' },
    { keys: 'Ctrl+s', word: 'save' },
  ])
  const close = () => {
    setYaml(null)
    // The draft is done with: coming back to this address must not open it again.
    if (q !== undefined || ruleId !== undefined) void navigate({ to: '/rules', replace: true })
  }
  return (
    <div className={styles.page}>
      <title>{`${words.rules} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.rules}</h1>
        <p className={styles.lead}>{words.rulesLead}</p>
        <span className={styles.acts}>
          <button type="button" className={controls.button} onClick={() => setYaml(draftRule('kql', NEW_QUERY))}>
            {words.newRule}
          </button>
          {rules.data !== undefined && rules.data.rules.length > 0 && (
            <CopyButton text={rules.data.rules.map(({ yaml }) => yaml).join('---\n')} word="copyAllYaml" />
          )}
        </span>
      </div>
      {yaml !== null && <RuleForm key={yaml} yaml={yaml} onClose={close} />}
      {rules.isError ? (
        <FailureNotice error={rules.error} onRetry={() => void rules.refetch()} />
      ) : rules.data === undefined ? (
        <Loading />
      ) : (
        <RuleTable rules={rules.data.rules} onEdit={setYaml} />
      )}
      <ContentTemplates />
    </div>
  )
}

function RuleTable({ rules, onEdit }: { readonly rules: readonly ListedRule[]; readonly onEdit: (yaml: string) => void }) {
  const words = useWords()
  const ruleText = useRuleText()
  const say = useStatement()
  return (
    <section className={styles.scroll} aria-label={words.rules}>
      <table className={styles.table}>
        <thead>
          <tr>
            {[words.rule, words.risk, words.switchedOn, words.checkEvery].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <th scope="col" data-number="true">
              {words.alertsInWeek}
            </th>
            <th scope="col">{words.lastRun}</th>
            <th scope="col">
              <span className="hidden-text">{words.changeRule}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id} {...ROW}>
              <td>
                <strong className={styles.prose}>
                  <RecordedText text={ruleText(rule.name)} limit={120} />
                </strong>
                <p className={`${styles.soft} ${styles.prose}`}>
                  <RecordedText text={ruleText(rule.reason)} limit={300} />
                </p>
                {rule.cannotFire !== '' && (
                  <p className={styles.bad}>
                    {words.cannotFire} {missingOf(rule).map(say).join(words.comma)}
                  </p>
                )}
                {rule.lastError !== '' && (
                  <p className={styles.bad}>
                    <RecordedText text={rule.lastError} limit={300} />
                  </p>
                )}
              </td>
              <td>
                <RiskBadge risk={rule.severity} reason="" />
              </td>
              <td>{rule.enabled ? words.on : words.off}</td>
              <td>
                <code>{rule.check}</code>
              </td>
              <td data-number="true">{words.count(rule.alerts7d)}</td>
              <td className={`${styles.soft} ${styles.when}`}>
                {rule.lastRun === null ? words.never : dateTimeText(rule.lastRun)}
              </td>
              <td>
                <button type="button" data-act="change" className={controls.button} onClick={() => onEdit(rule.yaml)}>
                  {words.changeRule}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Which evidence a rule lacks, one statement each. */
function missingOf({ cannotFire }: ListedRule): string[] {
  return cannotFire.replace(/^cannot fire: /, '').split(', ')
}

/** A rule as YAML: what is wrong with it as it is typed, what it would have done, and saving it. */
function RuleForm({ yaml, onClose }: { readonly yaml: string; readonly onClose: () => void }) {
  const words = useWords()
  const queries = useQueryClient()
  const [text, setText] = useState(yaml)
  const lint = useQuery({ queryKey: ['lint-rules', text], queryFn: () => client.lintRules({ yaml: text }), retry: false })
  const preview = useMutation({ mutationFn: (yaml: string) => client.previewRule({ yaml }) })
  const except = (exception: Record<string, string>) => {
    const changed = addException(text, exception)
    setText(changed)
    preview.mutate(changed)
  }
  const save = useMutation({
    mutationFn: () => client.applyRules({ yaml: text }),
    onSuccess: async () => {
      // The text may set up templates too.
      await Promise.all(['rules', 'templates'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      onClose()
    },
  })
  const faults = lint.data?.faults ?? []
  const form = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  // It opens above the list, wherever the reader was in it.
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' })
    field.current?.focus({ preventScroll: true })
  }, [])
  const failure = save.error ?? preview.error
  return (
    <section className={styles.alert} ref={form}>
      <textarea
        ref={field}
        className={styles.code}
        aria-label={words.ruleText}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || !['Enter', 's'].includes(event.key)) return
          event.preventDefault()
          if (faults.length > 0 || preview.isPending || save.isPending) return
          if (event.key === 's') save.mutate()
          else preview.mutate(text)
        }}
      />
      <ul className={styles.messages} aria-live="polite">
        {faults.map(({ line, column, message, hint }) => (
          <li key={`${line}:${column}:${message}`} className={styles.bad}>
            {line}:{column} <RecordedText text={`${message} ${hint}`} limit={400} />
          </li>
        ))}
      </ul>
      <p className={styles.head}>
        <button
          type="button"
          className={controls.button}
          disabled={faults.length > 0 || preview.isPending}
          onClick={() => preview.mutate(text)}
        >
          {words.previewRule}
        </button>
        <button
          type="button"
          className={controls.primary}
          disabled={faults.length > 0 || save.isPending}
          onClick={() => save.mutate()}
        >
          {words.save}
        </button>
        <button type="button" className={controls.quiet} onClick={onClose}>
          {words.close}
        </button>
      </p>
      {failure !== null && <FailureNotice error={failure} />}
      {preview.data !== undefined && <Preview preview={preview.data} />}
      {preview.data !== undefined && <PreviewSamples preview={preview.data} onExcept={except} />}
    </section>
  )
}

function Preview({ preview }: { readonly preview: RulePreview }) {
  const words = useWords()
  return (
    <div role="status">
      <p>
        {words.wouldHave(preview.alerts, preview.messages, preview.rows)}{' '}
        <span className={styles.soft}>{words.eventsBetween(dateTimeText(preview.from), dateTimeText(preview.to))}</span>
        {preview.truncated && <strong className={styles.bad}> {words.lowerBounds}</strong>}
      </p>
      <ul className={styles.messages}>
        {preview.groups.slice(0, 10).map(({ group, rows }) => (
          <li key={group}>
            <RecordedText text={group || words.emptyValue} limit={160} /> <span className={styles.soft}>{words.count(rows)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
