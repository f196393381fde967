import type { LedgerFinding } from './ledger-report.ts'

/** What a check has found so far. */
export class Findings {
  readonly all: LedgerFinding[] = []

  /** Somebody changed something. */
  alarm(code: LedgerFinding['code'], message: string, place: Partial<LedgerFinding>): void {
    this.all.push({ severity: 'alarm', code, message, ...place })
  }

  /** Worth knowing. */
  note(code: LedgerFinding['code'], message: string, place: Partial<LedgerFinding>): void {
    this.all.push({ severity: 'note', code, message, ...place })
  }

  /** No alarm is among them. */
  get intact(): boolean {
    return this.all.every(({ severity }) => severity === 'note')
  }
}
