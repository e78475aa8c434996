/** Machine text inside a sentence or a cell: an address, an id, a statement. */
import { Text } from '@mantine/core'
import type { TextProps } from '@mantine/core'
import type { ReactNode } from 'react'

export function Mono({ children, ...props }: TextProps & { readonly children: ReactNode }) {
  return (
    <Text span inherit ff="monospace" fz="0.93em" {...props}>
      {children}
    </Text>
  )
}
