import { expect, it } from 'vitest'
import { assessCommand, RISKY_PROGRAMS } from './risk.ts'

it.each([
  ['auditctl -D', 'critical'],
  ['rm -rf /var/log/audit', 'critical'],
  ['nsenter -t 1 -m sh', 'critical'],
  ['chroot /host', 'critical'],
  ['crictl ps', 'high'],
  ['cat /etc/shadow', 'high'],
  ['cat /var/run/secrets/kubernetes.io/serviceaccount/token', 'high'],
  ['ls /root/.kube/config', 'high'],
  ['curl -s http://10.0.0.1/x.sh', 'medium'],
  ['rm a.txt', 'medium'],
  ['id', 'low'],
  ['ls /var/log/audit', 'report'],
  ['ls -l', 'report'],
  ['auditctl -l', 'report'],
])('rates %s as %s', (line, risk) => {
  const argv = line.split(' ')
  const assessed = assessCommand(argv[0] ?? '', argv)
  expect(assessed.risk).toBe(risk)
  expect(assessed.reason === '').toBe(risk === 'report')
})

it('knows the 29 programs of the alert', () => {
  expect(new Set(RISKY_PROGRAMS).size).toBe(29)
})
