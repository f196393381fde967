import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of audit policies. */
export const policyErrors: ErrorEntries = {
  'PW-PO-001': entry(
    1,
    'The audit policy has errors',
    'kube-apiserver would refuse the file, so there is nothing to try out.',
    'Run `podwitness policy lint FILE` and mend what it names.',
  ),
  'PW-PO-002': entry(
    2,
    'There is no such preset',
    'The name is not one that `podwitness policy generate` knows.',
    'Take one of the names it lists.',
  ),
  'PW-PO-003': entry(
    1,
    'No audit event was found',
    'The files hold no audit.k8s.io/v1 event in a form that was recognised.',
    "Give kube-apiserver's audit log, one event a line, or recorded posts of its webhook.",
  ),
}
