import { describe, expect, it } from 'vitest'
import { AuditDecoder, type DecodedEvent, type DecodeOptions, JsonLines, type Reject } from './index.ts'

function run(chunks: Iterable<Uint8Array>, options: DecodeOptions = {}) {
  const events: DecodedEvent[] = []
  const rejects: Reject[] = []
  const decoder = new AuditDecoder({
    ...options,
    onEvent: (event) => events.push(event),
    onReject: (reject) => rejects.push(reject),
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return { events, rejects, decoder }
}

const lines = (...all: string[]) => [Buffer.from(`${all.join('\n')}\n`)]
const id = (seq: number, ms = 1) => `msg=audit(1700000000.${String(ms).padStart(3, '0')}:${seq}):`

describe('long lines', () => {
  it('a line of 200 MB without newline costs no memory and is rejected with its length', () => {
    const chunk = Buffer.alloc(1 << 20, 0x61)
    const before = process.memoryUsage().arrayBuffers
    const { rejects, decoder } = run(
      (function* () {
        for (let i = 0; i < 200; i++) yield chunk
        yield Buffer.from(`\ntype=CWD ${id(1)} cwd="/"\n`)
      })(),
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20)
    expect(rejects).toEqual([{ line: 1, code: 'line_too_long', text: 'a'.repeat(1024), bytes: 200 << 20 }])
    expect(decoder.counters.events).toBe(1)
  })

  it('a record over the cap keeps its beginning and is flagged', () => {
    const { events, rejects } = run(lines(`type=CWD ${id(1)} cwd="/${'x'.repeat(100_000)}"`, `type=CWD ${id(2)} cwd="/y"`))
    expect(rejects).toEqual([])
    expect(events.map((event) => event.flags)).toEqual([{ truncated: true }, {}])
    expect(events[0]?.cwd()?.length).toBeGreaterThan(65_000)
  })
})

describe('completion', () => {
  it('gives an event out at EOE, at once', () => {
    const seen: number[] = []
    const decoder = new AuditDecoder({ onEvent: (event) => seen.push(event.seq) })
    decoder.push(Buffer.from(`type=SYSCALL ${id(1)} pid=1\ntype=EOE ${id(1)} \n`))
    expect(seen).toEqual([1])
  })

  it('gives out by wall time what has no EOE: settled events soon, others after the timeout', () => {
    const seen: string[] = []
    const decoder = new AuditDecoder({ onEvent: (event) => seen.push(`${event.seq} ${event.completion}`) })
    decoder.push(Buffer.from(`type=SYSCALL ${id(1)} pid=1\ntype=PROCTITLE ${id(1)} proctitle="x"\ntype=SYSCALL ${id(2)} pid=1\n`))
    decoder.tick(1000)
    expect(seen).toEqual([])
    decoder.tick(1060)
    expect(seen).toEqual(['1 types'])
    decoder.tick(2900)
    expect(seen).toEqual(['1 types'])
    decoder.tick(3001)
    expect(seen).toEqual(['1 types', '2 timeout'])
  })

  it('bounds the events it keeps open and keeps their order', () => {
    const many = Array.from({ length: 500 }, (_, i) => `type=SYSCALL ${id(i)} pid=${i}`)
    const { events } = run(lines(...many), { maxPendingEvents: 100 })
    expect(events.map((event) => event.seq)).toEqual(many.map((_, i) => i))
    expect(events[0]?.completion).toBe('bound')
    expect(events[0]?.flags.incomplete).toBe(true)
  })

  it('bounds the bytes of one event and says so', () => {
    const parts = Array.from({ length: 40 }, (_, i) => `type=EXECVE ${id(1)} a1[${i}]=${'41'.repeat(500)}`)
    const { events } = run(lines(`type=SYSCALL ${id(1)} pid=1`, ...parts), { maxEventBytes: 10_000 })
    expect(events.length).toBe(1)
    expect(events[0]?.flags.truncated).toBe(true)
    expect(events[0]?.raw().length).toBeLessThan(11_000)
  })

  it('a late record amends', () => {
    const { events, decoder } = run(lines(`type=SYSCALL ${id(1)} pid=1`, `type=EOE ${id(1)} `, `type=CWD ${id(1)} cwd="/"`))
    expect(events.map((event) => [event.seq, event.late])).toEqual([
      [1, false],
      [1, true],
    ])
    expect(decoder.counters.late).toBe(1)
  })
})

describe('hostile input costs linear time', () => {
  const cost = (make: (size: number) => Buffer) => {
    const time = (size: number) => {
      const input = make(size)
      const start = process.cpuUsage()
      const { events } = run([input])
      for (const event of events) JSON.stringify(event)
      const used = process.cpuUsage(start)
      return used.user + used.system
    }
    time(2)
    return { small: time(8), large: time(32) }
  }
  // Four times the input; a quadratic cost would be sixteen times. Slack for a busy machine.
  const linear = ({ small, large }: { small: number; large: number }) => expect(large).toBeLessThan(small * 10 + 200_000)

  it('one argument in many chunks', () => {
    linear(
      cost((size) =>
        Buffer.from(
          `type=SYSCALL ${id(1)} a\n${Array.from({ length: size * 16 }, (_, i) => `type=EXECVE ${id(1)} a1[${i}]=${'41'.repeat(4000)}\n`).join('')}`,
        ),
      ),
    )
  })

  it('repeated keys, unclosed quotes, ticks', () => {
    for (const part of ['a=1 ', 'a="', "msg='", '"', "b='", '#011', 'x=A=B=C=', '\x1d', 'res=1UID='])
      linear(cost((size) => Buffer.from(`type=USER_AUTH ${id(1)} ${part.repeat(Math.floor((size * 1900) / part.length))}\n`)))
  })

  it('ten thousand events open at once', () => {
    linear(
      cost((size) => Buffer.from(Array.from({ length: size * 300 }, (_, i) => `type=PATH ${id(i, i % 1000)} item=0\n`).join(''))),
    )
  })
})

describe('an end without its event', () => {
  const input = () => lines(`type=EOE ${id(7)} `, `type=SYSCALL ${id(8)} pid=1`, `type=EOE ${id(8)} `, `type=EOE ${id(8)} `)

  it('is an incomplete event on request, once', () => {
    const { events } = run(input(), { keepLoneEnds: true })
    expect(events.map(({ type, seq, flags }) => [type, seq, flags])).toEqual([
      ['EOE', 7, { incomplete: true }],
      ['SYSCALL', 8, {}],
    ])
  })

  it('is nothing else', () => expect(run(input()).events.map(({ seq }) => seq)).toEqual([8]))
})

describe('journal export', () => {
  const entry = (message: Buffer) =>
    Buffer.concat([
      Buffer.from('__CURSOR=s=1\n_TRANSPORT=audit\n_HOSTNAME=h\n_AUDIT_ID=9\n_SOURCE_REALTIME_TIMESTAMP=1700000000001000\n'),
      message,
      Buffer.from(`\n_AUDIT_TYPE_NAME=CWD\n\ntype=CWD ${id(10)} cwd="/after"\n`),
    ])
  const counted = (name: string, value: Buffer, length = value.length) => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64LE(BigInt(length))
    return Buffer.concat([Buffer.from(`${name}\n`), size, value])
  }

  it('reads values that come as counted bytes, newlines and bytes that are no UTF-8 among them, however it is cut', () => {
    const value = Buffer.from('CWD cwd="/a\n/\xff" x=\n\n', 'latin1')
    const input = entry(
      Buffer.concat([counted('CODE_FILE', Buffer.from('a\ntype=b')), Buffer.from('\n'), counted('MESSAGE', value)]),
    )
    for (const size of [1, 3, input.length]) {
      const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, i) => input.subarray(i * size, (i + 1) * size))
      const { events, rejects, decoder } = run(chunks)
      expect(rejects).toEqual([])
      expect(events.map((event) => event.cwd())).toEqual(['/a /\ufffd', '/after'])
      expect(events[0]?.raw().includes(0xff)).toBe(true)
      expect(decoder.counters.bytes).toBe(input.length)
    }
  })

  it('is not led astray by a length that cannot be: what follows is read', () => {
    const { events } = run([entry(counted('MESSAGE', Buffer.from('CWD cwd="/x"'), 2 ** 40))])
    expect(events.map((event) => event.cwd())).toEqual(['/after'])
  })
})

describe('bytes that are no UTF-8', () => {
  it('stand in base64 beside the text, by their place', () => {
    const { events } = run(
      lines(
        `type=SYSCALL ${id(1)} pid=1 comm=FFFE exe="/x"`,
        `type=EXECVE ${id(1)} argc=3 a0="x" a1=FF25 a2_len=4 a2[0]=C3A9`,
        `type=CWD ${id(1)} cwd=2FFF`,
        `type=PATH ${id(1)} item=1 name=2FC3`,
        `type=PATH ${id(1)} item=0 name="ok"`,
        `type=PROCTITLE ${id(1)} proctitle=78008080`,
      ),
    )
    expect(events[0]?.toJSON().base64).toEqual({
      'argv[1]': Buffer.from([0xff, 0x25]).toString('base64'),
      'paths[1].name': Buffer.from([0x2f, 0xc3]).toString('base64'),
      cwd: Buffer.from([0x2f, 0xff]).toString('base64'),
      proctitle: Buffer.from([0x78, 0, 0x80, 0x80]).toString('base64'),
      comm: Buffer.from([0xff, 0xfe]).toString('base64'),
    })
    const writer = new JsonLines()
    for (const event of events) writer.add(event)
    expect(JSON.parse(writer.take().toString())).toEqual(JSON.parse(JSON.stringify(events[0])))
  })

  it('a text event has no such field', () => {
    const { events } = run(lines(`type=CWD ${id(1)} cwd=2FC3A9`))
    expect(events[0]?.toJSON()).not.toHaveProperty('base64')
  })
})

describe('numbers that kernels disagree about', () => {
  it.each([
    ['type=UNKNOWN[1420]', 'subj_apparmor=unconfined subj_landlock=x', 'MAC_TASK_CONTEXTS'],
    ['audit: type=1421', 'obj_apparmor=unconfined', 'MAC_OBJ_CONTEXTS'],
    ['type=UNKNOWN[1420]', 'ipe_op=EXECUTE ipe_hook=BPRM_CHECK enforcing=1', 'IPE_ACCESS'],
    ['type=UNKNOWN[1421]', 'old_active_pol_name="a"', 'IPE_CONFIG_CHANGE'],
    ['type=UNKNOWN[1422]', 'policy_name="a" policy_version=0.0.0', 'IPE_POLICY_LOAD'],
    ['type=UNKNOWN[1420]', 'a=b', 'UNKNOWN[1420]'],
    ['type=IPE_ACCESS', 'subj_x=1', 'IPE_ACCESS'],
  ])('%s %s is %s', (head, body, type) => {
    const stamp = head.startsWith('audit') ? id(1).slice(4) : id(1)
    expect(run(lines(`${head} ${stamp} ${body}`)).events.map((event) => event.type)).toEqual([type])
  })
})

describe('glued records', () => {
  const glued = `type=SYSCALL ${id(1)} pid=1 key=(null)node=n type=PROCTITLE ${id(2)} proctitle="x"type=CWD ${id(3)} cwd="/"\n`

  it('are split for the source that glues them', () => {
    const { events } = run([Buffer.from(glued)], { splitGlued: true })
    expect(events.map(({ node, type, seq }) => `${node} ${type} ${seq}`)).toEqual([
      'null SYSCALL 1',
      'n PROCTITLE 2',
      'null CWD 3',
    ])
    expect(events[2]?.cwd()).toBe('/')
  })

  it('are not split anywhere else: a message could forge a record', () => {
    expect(run([Buffer.from(glued)]).events.length).toBe(1)
  })
})

describe('arguments', () => {
  it('are there as bytes where they are no text', () => {
    const { events } = run(lines(`type=EXECVE ${id(1)} argc=3 a0="x" a1=FF25 a2_len=4 a2[0]=FEFF`))
    expect(events[0]?.argv()).toEqual(['x', '\ufffd%', '\ufffd\ufffd'])
    expect(events[0]?.argumentBytes()).toEqual([Buffer.from('x'), Buffer.from([0xff, 0x25]), Buffer.from([0xfe, 0xff])])
  })

  it('a forged argc costs no memory', () => {
    const { events } = run(lines(`type=EXECVE ${id(1)} argc=4000000000 a0="x" a3999999999="y"`))
    expect(events[0]?.argv().length).toBeLessThan(70_000)
    expect(events[0]?.flags.incomplete).toBe(true)
  })
})

describe('gaps', () => {
  it('counts holes per node, not daemon records, overtaking or reboots', () => {
    const of = (...seqs: number[]) => run(lines(...seqs.map((seq) => `type=CWD ${id(seq)} cwd="/"`))).decoder.counters.gaps
    expect(of(1, 2, 3)).toBe(0)
    expect(of(1, 3, 2, 4)).toBe(0)
    expect(of(1, 2, 5)).toBe(2)
    expect(of(4294967294, 4294967295, 0, 1)).toBe(0)
    expect(of(5_000_000, 1, 2)).toBe(0)
    expect(
      run(lines(`type=CWD ${id(1)} cwd="/"`, `type=DAEMON_START ${id(900)} op=start`, `type=CWD ${id(2)} cwd="/"`)).decoder
        .counters.gaps,
    ).toBe(0)
    expect(
      run(lines(`node=a type=CWD ${id(1)} cwd="/"`, `node=b type=CWD ${id(9)} cwd="/"`, `node=a type=CWD ${id(2)} cwd="/"`))
        .decoder.counters.gaps,
    ).toBe(0)
  })
})
