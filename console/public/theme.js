/**
 * Sets light or dark before anything is painted, so that a page never flashes in the other one.
 * The same key and attribute as the component library's, which takes over once it is loaded.
 * A file of its own because the content security policy allows no script inside the page.
 */
;(function () {
  let chosen
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value')
  } catch {
    chosen = null // storage is switched off: follow the system
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
  document.documentElement.style.backgroundColor = scheme === 'dark' ? '#14171c' : '#ffffff'
})()
