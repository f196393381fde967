import type { Role } from '@podwitness/api'
import controls from '../../controls/controls.module.css'
import { useWords } from '../../words/use-words.ts'
import { ROLE_WORDS } from './role-words.ts'

/** Chooses one of some roles, by their names in the reader's language. */
export function RoleSelect({
  label,
  roles,
  value,
  disabled = false,
  onChange,
}: {
  /** What is chosen, for those who hear the page. */
  readonly label: string
  readonly roles: readonly Role[]
  readonly value: Role
  readonly disabled?: boolean
  readonly onChange: (role: Role) => void
}) {
  const words = useWords()
  return (
    <select
      className={controls.field}
      aria-label={label}
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(roles.find((one) => one === event.target.value) ?? 'viewer')}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {words[ROLE_WORDS[one]]}
        </option>
      ))}
    </select>
  )
}
