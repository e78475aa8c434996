/** Which part of a list is shown, and the ways to the next. */
import { ActionIcon, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { Page } from '../api/page.ts'
import { PAGE_SIZE } from './use-pages.ts'
import type { Pages } from './use-pages.ts'

interface PagerProps {
  readonly pages: Pages
  readonly page: Page<unknown> | undefined
  /** `client`, with an `s` for several. */
  readonly noun: string
}

const count = new Intl.NumberFormat('en')

export function Pager({ pages, page, noun }: PagerProps) {
  if (!page || page.total === 0) return null
  const { next } = page
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {whatIsShown(pages, page, noun)}
      </Text>
      {(pages.index > 0 || next !== null) && (
        <Group gap={4}>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label="Previous page"
            disabled={pages.index === 0}
            onClick={pages.back}
          >
            <IconChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label="Next page"
            disabled={next === null}
            onClick={() => next !== null && pages.forward(next)}
          >
            <IconChevronRight size={16} aria-hidden />
          </ActionIcon>
        </Group>
      )}
    </Group>
  )
}

function whatIsShown({ index }: Pages, { items, total }: Page<unknown>, noun: string): string {
  const all = `${count.format(total)} ${noun}${total === 1 ? '' : 's'}`
  if (items.length === total) return all
  if (items.length === 0) return `No more: ${all} in all`
  const first = index * PAGE_SIZE + 1
  return `${count.format(first)}–${count.format(first + items.length - 1)} of ${all}`
}
