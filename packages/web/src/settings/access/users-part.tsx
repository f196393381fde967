import type { AccessUser } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { usersQuery } from '../../data/access-queries.ts'
import { client } from '../../data/client.ts'
import { inertText } from '../../text/visible-text.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import { NewUser } from './new-user.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import { RoleSelect } from './role-select.tsx'
import { ROLE_NAMES, ROLE_WORDS, seesText } from './role-words.ts'

/** Who may sign in. @param change Whether the reader may change it. */
export function UsersPart({ change }: { readonly change: boolean }) {
  const words = useWords()
  const asked = useQuery(usersQuery)
  return (
    <>
      <h2 className={styles.part}>{words.users}</h2>
      <Asked query={asked}>
        {({ users }) => (
          <>
            {users.length === 0 ? (
              <p>{words.noUsers}</p>
            ) : (
              <PlainTable
                label={words.users}
                columns={[
                  { title: words.userName },
                  { title: words.role },
                  { title: words.seesWhat },
                  { title: words.userState },
                  { title: words.lastSeen },
                  ...(change ? [{ title: words.resetPassword, quiet: true }] : []),
                ]}
                rows={users.map((user) => ({
                  key: user.name,
                  cells: [
                    <RecordedText key="name" text={user.name} limit={80} />,
                    change ? <RoleChoice key="role" user={user} /> : words[ROLE_WORDS[user.role]],
                    <RecordedText key="sees" text={seesText(words, user)} limit={200} />,
                    words[stateOf(user)],
                    user.lastSignIn === '' ? '' : dateTimeText(user.lastSignIn),
                    ...(change ? [<Actions key="actions" user={user} />] : []),
                  ],
                }))}
              />
            )}
            {change && <NewUser />}
          </>
        )}
      </Asked>
    </>
  )
}

function stateOf({ disabled, source, hasPassword }: AccessUser): PlainWord {
  if (disabled) return 'userDisabled'
  if (source === 'oidc') return 'userProvider'
  return hasPassword ? 'userActive' : 'userNoPassword'
}

function RoleChoice({ user }: { readonly user: AccessUser }) {
  const words = useWords()
  const change = useUserChange(user.name)
  return (
    <>
      <RoleSelect
        label={`${words.role} ${inertText(user.name)}`}
        roles={ROLE_NAMES}
        value={user.role}
        disabled={change.isPending || user.source === 'oidc'}
        onChange={(role) => {
          // These two see everything.
          const bounds = role === 'auditor' || role === 'admin' ? { namespaces: null, clusters: null } : {}
          change.mutate({ role, ...bounds })
        }}
      />
      {change.error !== null && <FailureNotice error={change.error} />}
    </>
  )
}

function Actions({ user }: { readonly user: AccessUser }) {
  const words = useWords()
  const queries = useQueryClient()
  const change = useUserChange(user.name)
  const reset = useMutation({
    mutationFn: () => client.resetUser(user.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
  const failure = change.error ?? reset.error
  return (
    <>
      {user.disabled ? (
        <button type="button" className={controls.button} onClick={() => change.mutate({ disabled: false })}>
          {words.enable}
          <span className="hidden-text"> {inertText(user.name)}</span>
        </button>
      ) : (
        <ConfirmButton
          word="disable"
          confirm="reallyDisable"
          about={user.name}
          onConfirm={() => change.mutate({ disabled: true })}
        />
      )}{' '}
      {user.source === 'local' && (
        <ConfirmButton word="resetPassword" confirm="reallyReset" about={user.name} onConfirm={() => reset.mutate()} />
      )}
      <div role="status">{reset.data !== undefined && <OneTimeLink link={reset.data.link} />}</div>
      {failure !== null && <FailureNotice error={failure} />}
    </>
  )
}

function useUserChange(name: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wish: Parameters<typeof client.changeUser>[1]) => client.changeUser(name, wish),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
}
