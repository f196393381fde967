import { useQuery } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { meQuery } from '../../data/queries.ts'
import { inertText } from '../../text/visible-text.ts'
import { useWords } from '../../words/use-words.ts'
import { OwnPassword } from '../access/own-password.tsx'
import { MAY_WORDS, ROLE_WORDS, seesText } from '../access/role-words.ts'
import { SignInsPart } from '../access/sign-ins-part.tsx'
import { TokensPart } from '../access/tokens-part.tsx'
import { UsersPart } from '../access/users-part.tsx'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Who may what: the reader, users, tokens of programs, and browsers. */
export const access: SettingsSection = { id: 'access', word: 'access', lead: 'accessLead', Content: Access }

function Access() {
  const words = useWords()
  const me = useQuery(meQuery)
  return (
    <Asked query={me}>
      {({ user, role, rights, means, seesNamespaces, seesClusters }) => {
        // The holder of the data folder is no user: it has no password, and no tokens but its own.
        const isUser = user !== 'owner'
        const sees = seesText(words, { namespaces: seesNamespaces, clusters: seesClusters })
        return (
          <>
            <p className={styles.note}>
              <strong>{inertText(user)}</strong> ·{' '}
              {words.roleAndView(words[ROLE_WORDS[role]], words[MAY_WORDS[role]], inertText(sees))}
            </p>
            {isUser && means === 'session' && <OwnPassword />}
            {rights.includes('audit') && <UsersPart change={rights.includes('change')} />}
            <TokensPart own={isUser ? role : null} />
            <SignInsPart />
          </>
        )
      }}
    </Asked>
  )
}
