import type { Worker } from 'node:worker_threads'
import type { CompiledQuery } from '../compile-request.ts'
import type { EditorAnswer, EditorRequest } from '../editor/editor-answer.ts'
import { type AskData, compileAsking } from '../kql/compile-kql-here.ts'
import type { KqlRequest, KqlStep } from '../kql/compile-step.ts'
import type { FoundSchema } from '../kql/found-schema.ts'
import { QueryError } from '../query-error.ts'
import type { WorkerFault, WorkerReply } from './kql-worker.ts'

/** Longest time one query may take to compile. */
const COMPILE_TIMEOUT_MS = 5_000
/** Longest time the parser may take to load, on a busy machine. */
const WARM_TIMEOUT_MS = 60_000

let warm: Promise<Worker> | undefined
let last: Promise<unknown> = Promise.resolve()
let nextId = 1

/**
 * Compiles KQL off the caller's thread: the parser needs seconds to load and can be kept busy by a hostile query, which
 * is stopped after five seconds. Run from its sources it works in this thread, since there is no built worker then.
 *
 * @param ask Answers what only the data know, such as the columns of `pivot`; without it such queries are refused.
 * @throws QueryError for a wrong query.
 */
export async function compileKql(request: KqlRequest, ask?: AskData): Promise<CompiledQuery> {
  if (import.meta.url.endsWith('.ts')) return (await import('../kql/compile-kql-here.ts')).compileKqlHere(request, undefined, ask)
  return compileAsking(request.text, (found) => compileInTurn(request, found), ask)
}

/** Answers an editor, off the caller's thread like a compilation. */
export async function editKql(request: EditorRequest): Promise<EditorAnswer> {
  if (import.meta.url.endsWith('.ts')) return (await import('../editor/kql-editor.ts')).editKqlHere(request)
  const reply = await askInTurn({ edit: request }, request.text)
  if ('edited' in reply) return reply.edited
  throw new Error('The editor gave no answer.')
}

type Asked = { readonly request: KqlRequest; readonly found: readonly FoundSchema[] } | { readonly edit: EditorRequest }

/** One at a time, so that the limit counts one query's own time. */
function askInTurn(asked: Asked, text: string): Promise<WorkerReply> {
  const turn = last.then(() => askWorker(asked, text))
  last = turn.catch(() => undefined)
  return turn
}

async function compileInTurn(request: KqlRequest, found: readonly FoundSchema[]): Promise<KqlStep> {
  const { text, from, to, limit, clusters, workspaces, parameters, functions } = request
  const plain = {
    text,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(limit === undefined ? {} : { limit }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(workspaces === undefined ? {} : { workspaces }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(functions === undefined ? {} : { functions }),
  }
  const reply = await askInTurn({ request: plain, found }, text)
  if ('step' in reply) return reply.step
  throw new Error('The compiler gave no answer.')
}

/** Loads the parser now, so that the first question need not wait for it. There is no worker when run from the sources. */
export async function warmKql(): Promise<void> {
  if (!import.meta.url.endsWith('.ts')) await startWorker()
}

/** @throws QueryError for a wrong query, and for one that takes too long. */
async function askWorker(asked: Asked, text: string): Promise<WorkerReply> {
  const worker = await startWorker()
  const id = nextId
  nextId += 1
  worker.ref()
  try {
    worker.postMessage({ id, ...asked })
    const reply = await replyOf(worker, (one) => 'id' in one && one.id === id, COMPILE_TIMEOUT_MS)
    if (reply === undefined) throw tooSlow(worker, text)
    if ('fault' in reply) throw asError(reply.fault, text)
    if ('bug' in reply) throw new Error(reply.bug)
    return reply
  } finally {
    worker.unref()
  }
}

function startWorker(): Promise<Worker> {
  warm ??= launch().catch((error: unknown) => {
    warm = undefined
    throw error
  })
  return warm
}

async function launch(): Promise<Worker> {
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(new URL('./kql-worker.js', import.meta.url), { execArgv: [] })
  worker.once('exit', () => {
    warm = undefined
  })
  const ready = await replyOf(worker, (reply) => 'ready' in reply, WARM_TIMEOUT_MS)
  if (ready === undefined) {
    await worker.terminate()
    throw new Error(`The KQL parser did not load within ${WARM_TIMEOUT_MS / 1000} s.`)
  }
  worker.unref()
  return worker
}

/** The first reply that is wanted; undefined after `timeoutMs`. */
function replyOf(worker: Worker, wanted: (reply: WorkerReply) => boolean, timeoutMs: number): Promise<WorkerReply | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      end()
    }
    const onMessage = (reply: WorkerReply): void => {
      if (wanted(reply)) finish(() => resolve(reply))
    }
    const onError = (error: Error): void => finish(() => reject(error))
    const onExit = (): void => finish(() => reject(new Error('The KQL compiler stopped.')))
    const timer = setTimeout(() => finish(() => resolve(undefined)), timeoutMs)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
  })
}

function tooSlow(worker: Worker, text: string): QueryError {
  warm = undefined
  worker.terminate().catch(() => undefined)
  return new QueryError('PW-QY-007', `The query took more than ${COMPILE_TIMEOUT_MS / 1000} s to compile.`, { text, offset: 0 })
}

function asError({ code, message, line, column, hint, nearest }: WorkerFault, text: string): QueryError {
  const before = text.split('\n').slice(0, line - 1)
  const offset = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1
  return new QueryError(code, message, { text, offset }, { hint, nearest })
}
