/** Made of the lock file when the page is built; `vite.config.ts` says how. */
declare module 'virtual:third-party' {
  /** Name, version and licence of every package of others that is shipped. */
  const packages: readonly (readonly [name: string, version: string, licence: string])[]
  export default packages
}
