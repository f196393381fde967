/** What is measured, by name: `_total` counts up, all else goes both ways. */
export type Measures = Readonly<Record<string, number>>
