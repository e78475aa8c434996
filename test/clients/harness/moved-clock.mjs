/** Loaded into a gateway before anything else: its clock goes ahead by what stands in a file. */
import { readFileSync } from 'node:fs'

const FILE = process.env['TEST_CLOCK_FILE'] ?? ''
const LOOK_MS = 50
const RealDate = Date
let aheadMs = 0

setInterval(() => {
  try {
    aheadMs = Number(readFileSync(FILE, 'utf8'))
  } catch {
    // nobody has moved it
  }
}, LOOK_MS).unref()

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + aheadMs)
    else super(...parts)
  }

  static now() {
    return RealDate.now() + aheadMs
  }
}
