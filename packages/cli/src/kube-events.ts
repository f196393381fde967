import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { isLegacyLine, type KubeAuditEvent, readKubeEvent, readKubeLine } from '@podwitness/kube'
import type { Context } from './context.ts'
import { openInput } from './open-input.ts'

/** An API audit event and the bytes of its JSON. */
export interface RecordedEvent {
  readonly event: KubeAuditEvent
  readonly bytes: number
}

/**
 * API audit events of a file of lines: the log back end's (one event a line), EventLists as the webhook
 * back end posts them, or such posts as they were recorded (`{body: EventList}`).
 *
 * @param onReject Called for each line or item that is no event, with its line and a code.
 */
export async function* kubeEvents(
  context: Context,
  path: string,
  onReject: (line: number, code: string) => void,
): AsyncGenerator<RecordedEvent> {
  const lines = createInterface({ input: Readable.from(openInput(path, context.terminal)), crlfDelay: Number.POSITIVE_INFINITY })
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    if (isLegacyLine(line)) {
      const event = readKubeLine(line)
      if ('code' in event) onReject(number, event.code)
      else yield { event, bytes: Buffer.byteLength(line) }
      continue
    }
    const json = parsed(line)
    if (json === undefined) {
      onReject(number, 'not_json')
      continue
    }
    const items = itemsOf(json)
    for (const item of items) {
      const event = readKubeEvent(item)
      if ('code' in event) onReject(number, event.code)
      // Of a list, the item's own size; of a line, the line's.
      else yield { event, bytes: Buffer.byteLength(items.length === 1 && item === json ? line : JSON.stringify(item)) }
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function itemsOf(json: unknown): readonly unknown[] {
  const list = field(json, 'body') ?? json
  const items = field(list, 'items')
  return Array.isArray(items) ? items : [json]
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
