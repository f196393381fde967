import { expect, it } from 'vitest'
import { engineFault, stepOffsets, stopMark } from './engine-fault.ts'

it.each<[string, readonly string[]]>([
  ['T | where a == "x|y" | extend b = f(c | d) // p | q\n| count', ['T', 'where', 'extend', 'count']],
  ['let x = T | take 1;\nU\n| project @"a\\" | take 1', ['U', 'project', 'take']],
  ["print ```a | b``` | project 'it\\'s | '", ['print', 'project']],
  ['', ['']],
])('finds the steps of %s', (text, words) => {
  expect(stepOffsets(text).map(({ start, end }) => text.slice(start, end).split(/\s/)[0])).toEqual(words)
})

it('reads the place of a stop out of what the engine says', () => {
  const text = 'print 1\n| where assert(false, "x")'
  const said = `The engine says: ${stopMark(16, 'too\nmany')}: while executing 'FUNCTION throwIf(…)'.`
  expect(engineFault(text, said, 395)).toMatchObject({ code: 'PW-QY-010', message: 'too many', line: 2, column: 9 })
})

it('tells faults of data from faults of ours, and leaves limits alone', () => {
  expect(engineFault('T', 'missing )', 427)?.code).toBe('PW-QY-010')
  expect(engineFault('T', 'Illegal type', 43)?.code).toBe('PW-QY-004')
  expect(engineFault('T', 'Timeout exceeded', 159)).toBeUndefined()
})
