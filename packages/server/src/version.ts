/** Version of podwitness; all packages share it. */
export const VERSION = '0.1.0'
