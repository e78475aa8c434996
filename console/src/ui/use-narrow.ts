/** Whether the screen is a phone's; known from the first drawing on. */
import { useMediaQuery } from '@mantine/hooks'

/** @param width Up to which it counts as narrow. */
export function useNarrow(width = '36em'): boolean {
  return useMediaQuery(`(max-width: ${width})`, false, { getInitialValueInEffect: false })
}
