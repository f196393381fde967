import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** NIST SP 800-63B asks for 8 and recommends 15 where a password is the only proof. */
const MIN_PASSWORD_LENGTH = 12
/**
 * Cost of new hashes; each hash keeps its own. Source: OWASP Password Storage Cheat Sheet, scrypt: N=2^15, r=8, p=3 (32 MiB).
 */
const COST = { logN: 15, r: 8, p: 3 } as const
const KEY_BYTES = 32
/** Hashes worked out at the same time: each takes 32 MiB and a core. */
const AT_ONCE = 2

const waiting: (() => void)[] = []
let running = 0

/** Hashes a password with a salt of its own: `scrypt$15$8$3$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.logN, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether a password is the one of a hash. An empty or damaged hash takes as long, and is nobody's. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [form, logN, r, p, salt = '', hash = ''] = stored.split('$')
  const known = form === 'scrypt' && hash !== ''
  const cost = known ? { logN: Number(logN), r: Number(r), p: Number(p) } : COST
  const key = await derive(password, Buffer.from(salt, 'base64url'), cost)
  const wanted = Buffer.from(hash, 'base64url')
  return known && wanted.length === key.length && timingSafeEqual(key, wanted)
}

/** Why a password is not taken; empty where it is. */
export function passwordFault(password: string, user: string): string {
  const length = [...password.normalize('NFKC')].length
  if (length < MIN_PASSWORD_LENGTH) return `It has ${length} characters; ${MIN_PASSWORD_LENGTH} are the least.`
  // Short names are part of too many words.
  if (user.length >= 5 && password.toLowerCase().includes(user.toLowerCase())) return 'It holds the name of the user.'
  if (new Set(password).size < 5) return 'It is made of too few different characters.'
  return ''
}

async function derive(password: string, salt: Buffer, { logN, r, p }: { logN: number; r: number; p: number }): Promise<Buffer> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    const options = { N: 2 ** logN, r, p, maxmem: 256 * 1024 * 1024 }
    return await new Promise<Buffer>((resolve, reject) =>
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      ),
    )
  } finally {
    running--
    waiting.shift()?.()
  }
}
