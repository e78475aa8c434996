/** A link to another page of the console. */
import { Anchor } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorProps } from '@mantine/core'
import type { ComponentPropsWithRef } from 'react'

type Props = AnchorProps & Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>

export const TextLink = createLink((props: Props) => <Anchor {...props} />)
