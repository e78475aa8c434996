/**
 * The console's built files, for everything that is no route of the API.
 *
 * Files under /assets bear a digest in their names and are kept by browsers for ever; every other
 * page is the console's one page, which finds its way itself.
 */
import { access } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import { isApi } from './guard-browsers.ts'

const PAGE = 'index.html'
const KEPT = 'public, max-age=31536000, immutable'
const ASKED_AGAIN = 'no-cache'

/** @param directory The console's build; it may be missing, and may be built later. */
export function consoleFiles(app: FastifyInstance, directory: string): void {
  void app.register(fastifyStatic, {
    root: directory,
    serve: false,
    cacheControl: false,
    dotfiles: 'ignore',
    suppressWarning: true,
  })
  app.get('/*', { config: { needs: 'nothing' }, schema: { hide: true } }, (request, reply) => {
    const file = fileOf(request)
    return file === undefined ? sendPage(directory, request, reply) : sendFile(file, reply)
  })
}

/** The last piece of its path has a dot: a file, and no page of the console. */
function fileOf(request: FastifyRequest): string | undefined {
  if (isApi(request)) throw noSuchAddress()
  const [pathname = '/'] = request.url.split('?')
  const file = decoded(pathname).slice(1)
  return /\.[a-z\d]+$/i.test(file) && file !== PAGE ? file : undefined
}

async function sendFile(file: string, reply: FastifyReply): Promise<FastifyReply> {
  void reply.header('cache-control', file.startsWith('assets/') ? KEPT : ASKED_AGAIN)
  return await reply.sendFile(file)
}

async function sendPage(
  directory: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!/text\/html|\*\/\*/.test(request.headers.accept ?? '*/*')) throw noSuchAddress()
  void reply.header('cache-control', ASKED_AGAIN)
  if (await exists(path.join(directory, PAGE))) return await reply.sendFile(PAGE)
  return await reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Bluegate</title>
<h1>The console was not built</h1>
<p>The gateway runs. Its console is built by <code>npm start</code>, in the directory of the gateway;
then load this page again.</p>
</html>
`

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    throw noSuchAddress()
  }
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}

function noSuchAddress(): GatewayError {
  return new GatewayError('undefined_object', 'there is no such address here')
}
