/** Something to type, to paste or to fill in, so that a tool connects. */
export interface Snippet {
  /** Whom it is for, such as `psql` or `Tableau`. Several may be for one. */
  readonly tool: string
  /** What it is, such as `Command`. */
  readonly title: string
  /** For colours: `sh`, `ini`, `python`, `r`, `php`, `url`, `json`; `fields` is `Name: value` lines. */
  readonly language: string
  /** Holds `{{token}}` where the access token goes, if it goes in at all. */
  readonly text: string
  /** What to save it as. */
  readonly fileName?: string
}
