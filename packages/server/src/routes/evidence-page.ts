import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PUBLIC_KEY_FILE, type Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import { viewOf } from '../access/caller.ts'
import { collectEvidence } from '../evidence/collect-evidence.ts'
import { evidencePage } from '../evidence/evidence-page.ts'
import type { Access } from '../http/access.ts'
import { callerOf } from '../http/authorise.ts'
import { ServerError } from '../server-error.ts'

/** `GET /api/v1/sessions/:traceId/evidence`: a session as one file that checks itself, offered for saving. */
export function mountEvidence(app: FastifyInstance, access: Access, store: Store): void {
  const config = { access: { right: 'read', narrows: true } } as const
  app.get<{ Params: { traceId: string } }>('/api/v1/sessions/:traceId/evidence', { config }, async (request, reply) => {
    const { traceId } = request.params
    const caller = callerOf(request)
    const { ledger } = store
    if (ledger === undefined || !existsSync(join(ledger.folder, PUBLIC_KEY_FILE))) throw nothingSigned()
    const bundle = await collectEvidence(viewOf(store, caller), ledger, traceId, Date.now())
    if (bundle === null)
      throw new ServerError('PW-SE-001', 404, {
        what: `There is no session ${traceId}.`,
        why: 'It was never stored, has expired, or was worked out anew under another id when more evidence came.',
        do: 'Look for it in the list of sessions.',
      })
    await access.record(request, caller, { action: 'evidence-export', outcome: 'done', object: traceId })
    const name = `podwitness-${traceId.replace(/[^\w-]/g, '').slice(0, 40)}.html`
    return reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(evidencePage(bundle))
  })
}

function nothingSigned(): ServerError {
  return new ServerError('PW-LG-003', 409, {
    what: 'This server keeps no ledger, so nothing can be proven.',
    why: 'What is stored on a ClickHouse server is signed in the data folder of the process that stores it.',
    do: 'Run `podwitness evidence` with that data folder.',
  })
}
