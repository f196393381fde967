import { detectionStates, parsePolicy } from '@podwitness/kube'
import type { CheckResult } from './check-webhook.ts'

/** Looks whether a policy logs what names people: the request that enters a container. */
export function checkPolicy(text: string): CheckResult[] {
  const { policy, problems } = parsePolicy(text)
  if (policy === undefined || problems.length > 0)
    return [{ what: 'policy', ok: false, found: problems.map(({ message }) => message).join(' ') }]
  return detectionStates(policy)
    .filter(({ id }) => id === 'entry' || id === 'port-forward')
    .map(({ title, state, missed }) => {
      const [first] = missed
      const rule = first === undefined ? '' : first.rule < 0 ? 'no rule takes it' : `rule ${first.rule + 1} drops it`
      const found =
        state === 'sees'
          ? 'logged'
          : `${state === 'dark' ? 'not logged' : 'not all of it is logged'}: ${first?.request ?? ''} (${rule}); \`podwitness policy lint\` says more`
      return { what: `policy: ${title}`, ok: state === 'sees', found }
    })
}
