import type { StoreState } from '@podwitness/server'

/** What each missing source means, and how to give it. */
export const MISSING_TEXT: Readonly<Record<StoreState['missing'][number], string>> = {
  'no-data': 'nothing has been imported: run `podwitness import PATH…` or `podwitness demo`',
  'no-api-audit': 'no API audit events: nobody can be named; import the kube-apiserver audit log',
  'no-node-audit': 'no Linux audit events: entries without their commands; import audit.log of the nodes',
  'no-containers': 'no containers.jsonl: pods are known only from the exec request and the runtime’s own record',
  'no-pods': 'no pod objects: probes and hooks are told from entries by their shape alone',
}
