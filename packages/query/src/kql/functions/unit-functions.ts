import type { Scalar } from '../scalar.ts'
import { type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'
import { ANGLES, ENERGIES, FORCES, LENGTHS, MASSES, SPEEDS, TEMPERATURES, type Units, VOLUMES } from './unit-factors.ts'

/** A number of ours as text of the statement. */
const real = (value: number): string => `toFloat64('${value}')`

/** The number that belongs to a name: known now for a constant, looked up for a column; null for a name that is none. */
function lookedUp(name: Scalar | undefined, numbers: Readonly<Record<string, number>>): string {
  if (name?.constant !== undefined) {
    const found = Object.hasOwn(numbers, name.constant) ? numbers[name.constant] : undefined
    return found === undefined ? "CAST(NULL, 'Nullable(Float64)')" : real(found)
  }
  const names = Object.keys(numbers).map((one) => `'${one}'`)
  const sizes = Object.values(numbers).map((one) => `'${one}'`)
  return `toFloat64OrNull(transform(${name?.sql}, [${names.join(', ')}], [${sizes.join(', ')}], ''))`
}

const converted = (units: Units): KqlFunction =>
  withScalars(
    'real string string',
    'real',
    ([value, from, to]) => `(${value?.sql} * ${lookedUp(from, units)} / ${lookedUp(to, units)})`,
  )

const temperature: KqlFunction = withScalars('real string string', 'real', ([value, from, to]) => {
  const part = (name: Scalar | undefined, key: 'kelvins' | 'zero'): string =>
    lookedUp(name, Object.fromEntries(Object.entries(TEMPERATURES).map(([unit, scale]) => [unit, scale[key]])))
  return `((${value?.sql} * ${part(from, 'kelvins')} + ${part(from, 'zero')} - ${part(to, 'zero')}) / ${part(to, 'kelvins')})`
})

/** Tilt is no multiple of a degree: it is the sine of the angle. */
const angle: KqlFunction = withScalars('real string string', 'real', (args: readonly Scalar[], { context }: KqlCall) => {
  const [value, from, to] = args
  const isTilt = (unit: Scalar | undefined): string => `${unit?.sql} = 'Tilt'`
  const units = { ...ANGLES, Tilt: 1 }
  const degrees = `if(${isTilt(from)}, degrees(asin(${value?.sql})), ${value?.sql} * ${lookedUp(from, units)})`
  return context.once(degrees, (size) => `if(${isTilt(to)}, sin(radians(${size})), ${size} / ${lookedUp(to, units)})`)
})

export const UNIT_FUNCTIONS: KqlFunctionTable = {
  convert_angle: angle,
  convert_energy: converted(ENERGIES),
  convert_force: converted(FORCES),
  convert_length: converted(LENGTHS),
  convert_mass: converted(MASSES),
  convert_speed: converted(SPEEDS),
  convert_temperature: temperature,
  convert_volume: converted(VOLUMES),
}
