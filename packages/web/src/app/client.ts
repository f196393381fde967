import { createClient } from '@podwitness/api'

/** The API of the server this page came from. */
export const client = createClient({ baseUrl: '' })
