import { createClient } from '@podwitness/api'

/** The API of the server this page came from. */
export const client = createClient({ baseUrl: '', csrf: csrfOfCookie })

/** What the server gave this page, and no other, to prove that it asks. */
function csrfOfCookie(): string {
  return /(?:^|;\s*)podwitness_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
}
