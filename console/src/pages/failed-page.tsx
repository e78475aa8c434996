/** A page that could not be shown: what went wrong, and the way on. */
import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { GateFrame } from '../ui/gate-frame.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'

export function FailedPage({ error }: { readonly error: unknown }) {
  const router = useRouter()
  return (
    <GateFrame title="This page cannot be shown">
      <ProblemNotice error={error} />
      <Button variant="default" onClick={() => void router.invalidate()}>
        Try again
      </Button>
    </GateFrame>
  )
}
