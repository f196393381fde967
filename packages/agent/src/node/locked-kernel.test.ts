import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { applyNode } from './apply-node.ts'
import { stateOf } from './desired-state.ts'
import { type Machine, openMachine } from './machine.ts'
import { uninstallNode } from './uninstall-node.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'podwitness-node-'))
  mkdirSync(join(root, 'etc/audit/rules.d'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true }))

/** auditctl on a kernel after `-e 2`: a fake, as a real one would stay locked until this machine is booted. Source: auditctl(8). */
function lockedNode(calls: string[]): Machine {
  const answers: Readonly<Record<string, string>> = {
    '-v': 'auditctl version 3.0.9\n',
    '-s': 'enabled 2\nfailure 1\npid 1\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n',
    '-l': 'No rules\n',
  }
  return {
    ...openMachine(root, 'direct'),
    run: async (command, args) => {
      calls.push([command, ...args].join(' '))
      const stdout = answers[args[0] ?? '']
      return stdout === undefined
        ? { code: 1, stdout: 'The audit system is in immutable mode, no rule changes allowed\n', stderr: '' }
        : { code: 0, stdout, stderr: '' }
    },
  }
}

it('a locked kernel is pending reboot, with the files in place, and never called applied', async () => {
  const calls: string[] = []
  const machine = lockedNode(calls)
  const file = {
    kind: 'rules' as const,
    name: '10-procmon.rules',
    text: '-a always,exit -F arch=b64 -S execve -k procmon\n',
    source: 'cm/10-procmon.rules',
  }
  const report = await applyNode(machine, { desired: stateOf([file]), install: 'never' })
  expect(report.condition).toBe('pending-reboot')
  expect(report.problems.map(({ code }) => code)).toEqual(['PW-ND-003'])
  expect(report.rules).toMatchObject({ wanted: 1, inForce: 0 })
  expect(readFileSync(join(root, 'etc/audit/rules.d/10-procmon.rules'), 'utf8')).toContain('-S execve -k procmon')
  expect((await uninstallNode(machine)).pendingReboot).toBe(true)
  expect(calls.filter((call) => !/ -[vsl]$/.test(call))).toEqual([])
})

it('a kernel without auditing is told for what it is', async () => {
  const machine: Machine = {
    ...lockedNode([]),
    run: async (_command, [option]) => {
      return option === '-v'
        ? { code: 0, stdout: 'auditctl version 3.0.9', stderr: '' }
        : {
            code: 1,
            stdout: '',
            stderr: 'Error - audit support not in kernel\nCannot open netlink audit socket: Protocol not supported',
          }
    },
  }
  await expect(applyNode(machine, { desired: stateOf([]), install: 'never' })).rejects.toMatchObject({ code: 'PW-ND-017' })
})
