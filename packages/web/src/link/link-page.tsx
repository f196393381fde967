import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { FailedPage } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { sharedLinkQuery } from '../data/shared-link-query.ts'

const route = getRouteApi('/l/$linkId')

/** A short link: it leads on to the view it stands for, which compares what there is with what there was. */
export function LinkPage() {
  const { linkId } = route.useParams()
  const router = useRouter()
  const link = useQuery(sharedLinkQuery(linkId))
  useEffect(() => {
    if (link.data === undefined) return
    const { address, rows } = link.data
    const to = new URL(address, location.origin)
    // The server takes no other addresses; neither does the page.
    if (to.origin !== location.origin) return
    if (rows !== undefined) to.searchParams.set('link', linkId)
    router.history.replace(`${to.pathname}${to.search}`)
  }, [link.data, linkId, router])
  if (link.isError) return <FailedPage word="shortLink" error={link.error} onRetry={() => void link.refetch()} />
  return <Loading />
}
