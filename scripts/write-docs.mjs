/** npm run docs: writes what the manual takes from the code: the settings, the dialect of BLUE, the API's
 * description. */
import './write-settings-table.mjs'
import './write-dialect-page.mjs'
import './write-open-api.mjs'
await import('./write-console-client.mjs') // from what was written just now
