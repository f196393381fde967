import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../../controls/asked.tsx'
import { CommandBlock } from '../../controls/command-block.tsx'
import { client } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import { SET_UP_STEPS, type SetUpFacts, type SetUpStep, type StepState, stepStates } from '../../set-up/set-up-steps.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import { type SetUpPlace, setUpPlace } from '../set-up-commands.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** From nothing to the first alert about one's own cluster, with what has really arrived. */
export const setUp: SettingsSection = { id: 'set-up', word: 'setUpOwn', lead: 'setUpLead', Content: SetUp }

/** Looked at again while the page is open: steps turn done as things arrive. */
const EVERY_MS = 5000
const SHAPES: Readonly<Record<StepState, string>> = { done: '✓', waiting: '◔', open: '○' }
const STATE_WORDS = { done: 'stepDone', waiting: 'stepWaiting', open: 'stepOpen' } as const satisfies Record<StepState, PlainWord>
const STEP_WORDS = {
  intake: ['stepIntake', 'stepIntakeHow'],
  token: ['stepToken', 'stepTokenHow'],
  agents: ['stepAgents', 'stepAgentsHow'],
  rules: ['stepRules', 'stepRulesHow'],
  apiserver: ['stepApiserver', 'stepApiserverHow'],
  named: ['stepNamed', 'stepNamedHow'],
  channel: ['stepChannel', 'stepChannelHow'],
} as const satisfies Record<SetUpStep, readonly [PlainWord, PlainWord]>

/** What to run for each step. */
const COMMANDS: Readonly<Record<SetUpStep, (place: SetUpPlace) => string>> = {
  intake: ({ host }) => `podwitness serve --intake 0.0.0.0:7273 --intake-name ${host}`,
  token: ({ cluster }) => `podwitness tokens create --reusable --cluster ${cluster}`,
  agents: ({ host, cluster }) => `podwitness manifests --cluster ${cluster} --server https://${host}:7273 | kubectl apply -f -
kubectl -n podwitness create secret generic podwitness-join --from-literal=token=TOKEN`,
  rules: () => 'podwitness node doctor     # on the node: says which hop loses the records',
  apiserver: ({ host, cluster }) =>
    `podwitness apiserver plan --distro kubeadm --server https://${host}:7273 --cluster ${cluster} --out podwitness-audit
podwitness apiserver check podwitness-audit/webhook.yaml`,
  named: () => 'kubectl exec -it POD -- sh -c id',
  channel: () => 'podwitness channels types\npodwitness channels add ops --type slack --option url=env:PODWITNESS_SECRET_SLACK',
}

function SetUp() {
  const words = useWords()
  const me = useQuery(meQuery)
  const facts = useQuery({ queryKey: ['set-up'], queryFn: ({ signal }) => readFacts(signal), refetchInterval: EVERY_MS })
  const place = setUpPlace(me.data?.clusters ?? [], location.hostname)
  return (
    <Asked query={facts}>
      {(known) => {
        const states = stepStates(known)
        const done = SET_UP_STEPS.filter((step) => states[step] === 'done').length
        return (
          <>
            <p role="status">{words.stepsDone(done, SET_UP_STEPS.length)}</p>
            <ol className={styles.steps}>
              {SET_UP_STEPS.map((step) => (
                <li key={step} className={styles.step} data-state={states[step]}>
                  <h2 className={styles.stepTitle}>
                    <span aria-hidden="true" className={styles.stepShape}>
                      {SHAPES[states[step]]}
                    </span>{' '}
                    {words[STEP_WORDS[step][0]]}{' '}
                    <span className={styles.soft}>
                      {words[step === 'channel' && states[step] === 'waiting' ? 'stepUntested' : STATE_WORDS[states[step]]]}
                    </span>
                  </h2>
                  {states[step] !== 'done' && (
                    <>
                      <p className={styles.soft}>{words[STEP_WORDS[step][1]]}</p>
                      <CommandBlock text={COMMANDS[step](place)} />
                    </>
                  )}
                  <Elsewhere step={step} />
                </li>
              ))}
            </ol>
          </>
        )
      }}
    </Asked>
  )
}

/** Where the step can be done or looked at in the pages. */
function Elsewhere({ step }: { readonly step: SetUpStep }) {
  const words = useWords()
  if (step === 'agents' || step === 'rules') return <Link to="/nodes">{words.nodes}</Link>
  if (step === 'named') return <Link to="/sessions">{words.sessions}</Link>
  const section = { intake: 'sources', apiserver: 'sources', token: 'senders', channel: 'channels' } as const
  return (
    <Link to="/settings/$section" params={{ section: section[step] }}>
      {words[section[step]]}
    </Link>
  )
}

async function readFacts(signal: AbortSignal): Promise<SetUpFacts> {
  const [sources, senders, loss, channels, sessions] = await Promise.all([
    client.sources(signal),
    client.senders(signal),
    client.loss({}, signal),
    client.channels(signal),
    client.sessions({ confidence: ['matched', 'proven'], limit: 1 }, signal),
  ])
  return {
    sources,
    senders,
    nodes: loss.nodes,
    channels: channels.channels.length,
    tested: channels.channels.filter(({ lastTaken }) => lastTaken !== null).length,
    named: sessions.total,
    nowMs: Date.now(),
  }
}
