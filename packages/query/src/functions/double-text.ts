/**
 * A real number as Presto writes it as text: a decimal point always, and from 10^7 on or below 10^-3 one digit before it and
 * an exponent. Source: Java, Double.toString, which Presto's cast to varchar uses; digits are the fewest that say the number.
 */
export function doubleText(sql: string): string {
  // __s: the engine's own text of the amount; __i, __f: digits before and after its point; __e: its exponent.
  const scientific = `concat(substring(__d, 1, 1), '.', if(length(__d) = 1, '0', substring(__d, 2)), 'E', toString(__p))`
  const exponent = `if(__i = '0', -(length(__f) - length(trimLeft(__f, '0')) + 1), toInt64(length(__i)) - 1) + __e`
  const digits = `trimRight(trimLeft(concat(__i, __f), '0'), '0')`
  const bound = (name: string, value: string, body: string): string => `arrayMap(${name} -> ${body}, [${value}])[1]`
  const split = bound(
    '__i',
    `extract(__s, '^[0-9]+')`,
    bound(
      '__f',
      `extract(__s, '[.]([0-9]+)')`,
      bound(
        '__e',
        `toInt64OrZero(replaceOne(extract(__s, 'e(.*)$'), '+', ''))`,
        bound('__d', digits, bound('__p', exponent, scientific)),
      ),
    ),
  )
  const amount = `if(abs(__x) >= 0.001 AND abs(__x) < 10000000 OR __x = 0, concat(__s, if(position(__s, '.') = 0, '.0', '')), ${split})`
  const text = `multiIf(isNaN(__x), 'NaN', isInfinite(__x), if(__x > 0, 'Infinity', '-Infinity'), concat(if(__x < 0, '-', ''), ${bound('__s', 'toString(abs(__x))', amount)}))`
  return `if(isNull(${sql}), NULL, toNullable(${bound('__x', `assumeNotNull(toFloat64(${sql}))`, text)}))`
}
