/** Colours, type and the defaults of components. System fonts: nothing is loaded from anywhere. */
import { createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'gate',
  primaryShade: { light: 6, dark: 5 },
  defaultRadius: 'md',
  cursorType: 'pointer',
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
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    Menu: { defaultProps: { position: 'bottom-end', shadow: 'md', width: 240 } },
    Table: { defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } },
  },
})
