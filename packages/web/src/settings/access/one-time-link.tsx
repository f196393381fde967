import { CommandBlock } from '../../controls/command-block.tsx'
import { useWords } from '../../words/use-words.ts'

/** A link that is shown once. */
export function OneTimeLink({ link }: { readonly link: string }) {
  const words = useWords()
  return (
    <>
      <p>
        <strong>{words.linkOnce}</strong>
      </p>
      <CommandBlock text={`${location.origin}/?token=${link}`} />
    </>
  )
}
