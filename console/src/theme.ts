/** Colours, type and the defaults of components. System fonts: nothing is loaded from anywhere. */
import { createTheme } from '@mantine/core'
import type { CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'gate',
  primaryShade: 6,
  defaultRadius: 'md',
  cursorType: 'pointer',
  black: '#191d26',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' } } },
  colors: {
    gate: [
      '#eff4ff',
      '#dde7ff',
      '#bacfff',
      '#91b1ff',
      '#6c95ff',
      '#4a78f5',
      '#2f5fe0',
      '#264eba',
      '#203f96',
      '#1a3276',
    ],
    gray: [
      '#f8f9fb',
      '#f2f4f7',
      '#e7eaef',
      '#d7dce4',
      '#b8bfcb',
      '#8f98a8',
      '#5f6878',
      '#464e5c',
      '#2d333e',
      '#191d26',
    ],
    red: [
      '#fff1f0',
      '#ffdfdc',
      '#ffbdb8',
      '#ff968e',
      '#f97066',
      '#e5483d',
      '#c92f26',
      '#ad241c',
      '#8f1d17',
      '#6f1611',
    ],
    dark: [
      '#e3e6eb',
      '#c1c7d0',
      '#9aa2af',
      '#6f7886',
      '#3d444f',
      '#2d333d',
      '#21262e',
      '#14171c',
      '#101317',
      '#0b0d10',
    ],
  },
  components: {
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600, fontSize: 'var(--mantine-font-size-lg)' } },
    },
    Drawer: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600, fontSize: 'var(--mantine-font-size-lg)' } },
    },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Menu: {
      defaultProps: {
        position: 'bottom-end',
        shadow: 'md',
        width: 240,
        withInitialFocusPlaceholder: false, // an element that no menu may hold
      },
    },
    Badge: {
      defaultProps: { tt: 'none', fw: 550, radius: 'sm' },
      styles: { root: { width: 'max-content', maxWidth: 'none' }, label: { overflow: 'visible' } },
    },
    Table: { defaultProps: { verticalSpacing: 10, horizontalSpacing: 'sm' } },
  },
})

/** Ground and text of badges and notices: at least 4.5 to 1, also in small letters. */
const LIGHT_TONES = {
  teal: ['#e3f6ee', '#07614a'],
  orange: ['#fff1e2', '#9a3b00'],
  yellow: ['#fff6d6', '#7a4b00'],
  red: ['#ffecea', '#ad1f17'],
  grape: ['#f6ecfb', '#7b2a93'],
  gray: ['#eef0f4', '#464e5c'],
  gate: ['#eaf0ff', '#264eba'],
} as const

const DARK_TONES = {
  teal: ['#10322a', '#63dcb4'],
  orange: ['#382313', '#ffb77a'],
  yellow: ['#352d10', '#f4cf62'],
  red: ['#3b1a19', '#ff9f98'],
  grape: ['#33203c', '#dfa9f0'],
  gray: ['#2d333d', '#c1c7d0'],
  gate: ['#1a2a52', '#a9c3ff'],
} as const satisfies Record<keyof typeof LIGHT_TONES, unknown>

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-error': '#c3261d', ...variablesOf(LIGHT_TONES) },
  dark: { '--mantine-color-error': '#ff8f87', ...variablesOf(DARK_TONES) },
})

function variablesOf(tones: Readonly<Record<string, readonly [string, string]>>) {
  return Object.fromEntries(
    Object.entries(tones).flatMap(([name, [ground, text]]) => [
      [`--mantine-color-${name}-light`, ground],
      [`--mantine-color-${name}-light-color`, text],
    ]),
  )
}
