import { useEffect, useState } from 'react'

/** A value as it was once it has stood still for so many milliseconds. */
export function useLater<Value>(value: Value, delayMs: number): Value {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), delayMs)
    return () => clearTimeout(timer)
  }, [value, delayMs])
  return later
}
