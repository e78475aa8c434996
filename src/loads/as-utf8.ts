/** Text that says by its byte order mark that it is UTF-16 becomes UTF-8; all else is left as it is. */
import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'
import { TextDecoder } from 'node:util'
import { GatewayError } from '../base/gateway-error.ts'

/** The stream fails with `character_not_in_repertoire` where UTF-16 is broken. */
export function asUtf8(): Transform {
  let decoder: TextDecoder | undefined
  let held: Buffer | undefined = Buffer.alloc(0)

  const decode = (part: Uint8Array | undefined, done: TransformCallback): void => {
    try {
      done(null, decoder?.decode(part, { stream: part !== undefined }))
    } catch (cause) {
      done(
        new GatewayError('character_not_in_repertoire', 'the file is not valid UTF-16', { cause }),
      )
    }
  }

  return new Transform({
    transform(part: Buffer, _, done) {
      if (held) {
        held = Buffer.concat([held, part])
        if (held.length < 2) return done()
        const [first, second] = held
        if (first === 0xff && second === 0xfe)
          decoder = new TextDecoder('utf-16le', { fatal: true })
        if (first === 0xfe && second === 0xff)
          decoder = new TextDecoder('utf-16be', { fatal: true })
        part = held
        held = undefined
      }
      if (decoder) decode(part, done)
      else done(null, part)
    },
    flush(done) {
      if (decoder) decode(undefined, done)
      else done(null, held)
    },
  })
}
