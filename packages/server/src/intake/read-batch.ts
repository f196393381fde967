import {
  INTAKE_LINES,
  type IntakeKind,
  type IntakeLine,
  MAX_INTAKE_LINE_BYTES,
  MAX_INTAKE_LINES,
  type RejectedLine,
} from '@podwitness/api'
import { AuditDecoder } from '@podwitness/audit'
import { isRecord } from '@podwitness/kube'
import { Compile } from 'typebox/compile'
import { auditRow } from '../rows/audit-row.ts'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'
import { parseBounded } from './json-bounds.ts'
import type { BatchScope, LineFault, LineTaker } from './line-taker.ts'
import { LINE_TAKERS } from './lines/index.ts'

/** A batch as read: what can be stored, what is known of containers that are gone, and what could not be used. */
export interface ReadBatch {
  readonly parcel: Parcel
  /** Lines that are not empty. */
  readonly lines: number
  readonly gone: BatchScope['gone']
  readonly known: BatchScope['known']
  /** The first of them, with the beginning of each line. */
  readonly rejected: (RejectedLine & { readonly text: string; readonly bytes: number })[]
}

/** Rejected lines listed in an answer; all are counted. */
const LISTED_REJECTS = 1000
/** A longer line is looked over before it is parsed; a shorter one cannot become many objects. */
const LARGE_LINE_BYTES = 256 * 1024
/** Memory a line takes beside its bytes, roughly. */
const LINE_OVERHEAD_BYTES = 1024

const NOTHING = Buffer.alloc(0)

const CHECKS = Object.fromEntries(Object.entries(INTAKE_LINES).map(([kind, schema]) => [kind, Compile(schema)])) as {
  readonly [Kind in IntakeKind]: ReturnType<typeof Compile>
}

/**
 * Reads the lines of a batch. Node and cluster are the sender's, whatever a line says.
 *
 * @param body Unpacked NDJSON.
 */
export function readBatch(
  body: Buffer,
  from: { readonly key: string; readonly cluster: string; readonly node: string },
): ReadBatch {
  const scope = scopeOf(from)
  const rejected: ReadBatch['rejected'] = []
  const { parcel } = scope
  let lines = 0
  for (let begin = 0; begin < body.length; ) {
    const newline = body.indexOf(10, begin)
    const end = newline < 0 ? body.length : newline
    const bytes = body.subarray(begin, end)
    begin = end + 1
    scope.line++
    if (bytes.length === 0) continue
    lines++
    parcel.bytes += bytes.length + LINE_OVERHEAD_BYTES
    const fault = takeSafely(bytes, scope)
    if (fault === null) continue
    parcel.rejected++
    if (rejected.length >= LISTED_REJECTS) continue
    rejected.push({ line: scope.line, ...fault, text: bytes.subarray(0, 1024).toString('utf8'), bytes: bytes.length })
  }
  return { parcel, lines, gone: scope.gone, known: scope.known, rejected }
}

function scopeOf(from: { readonly key: string; readonly cluster: string; readonly node: string }): BatchScope {
  const { cluster, node } = from
  const parcel = emptyParcel(from)
  const scope: BatchScope = {
    parcel,
    ...from,
    line: 0,
    boot: '',
    via: '',
    late: false,
    place: undefined,
    bytes: NOTHING,
    text: undefined,
    gone: [],
    known: new Map(),
    decoder: new AuditDecoder({
      onEvent: (event) => {
        const { late, boot, place, text, bytes } = scope
        const raw = text !== undefined && event.rawEquals(bytes) ? text : undefined
        parcel.events.push(auditRow(event, { cluster, node, nodeIsSure: true, late, boot, place, raw }, scope.via))
      },
      transient: true,
    }),
  }
  return scope
}

/** What a line holds may be deeper than the stack of what walks over it. */
function takeSafely(bytes: Buffer, scope: BatchScope): LineFault | null {
  try {
    return takeLine(bytes, scope)
  } catch (error) {
    if (error instanceof RangeError) return { code: 'too_deep', message: 'The line holds values too deep in each other.' }
    throw error
  }
}

function takeLine(bytes: Buffer, scope: BatchScope): LineFault | null {
  if (scope.line > MAX_INTAKE_LINES)
    return { code: 'too_many_lines', message: `A batch holds at most ${MAX_INTAKE_LINES} lines.` }
  if (bytes.length > MAX_INTAKE_LINE_BYTES)
    return { code: 'line_too_long', message: `A line holds at most ${MAX_INTAKE_LINE_BYTES} bytes.` }
  const json = bytes.length > LARGE_LINE_BYTES ? parseBounded(bytes) : parse(bytes)
  if (!isRecord(json)) return { code: 'bad_json', message: 'The line is no JSON object.' }
  const kind = json.kind
  if (typeof kind !== 'string' || !Object.hasOwn(LINE_TAKERS, kind))
    return { code: 'unknown_kind', message: `There is no kind ${JSON.stringify(kind)?.slice(0, 64)}.` }
  const check = CHECKS[kind as IntakeKind]
  if (!check.Check(json)) {
    const [error] = check.Errors(json)
    return { code: 'bad_line', message: `${error?.instancePath || '/'} ${error?.message ?? 'is wrong'}`.slice(0, 200) }
  }
  return (LINE_TAKERS[kind as IntakeKind] as LineTaker<IntakeLine>)(json as IntakeLine, scope, bytes)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
