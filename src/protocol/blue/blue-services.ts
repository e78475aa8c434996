/** The two services as gRPC knows them, from `blue.proto`. */
import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

const PACKAGE = 'com.sqream.cloud.generated.v1'

/** Members in camel case, enums as numbers, numbers of 64 bits as text, and zeros where nothing came. */
const definition = loadSync(fileURLToPath(new URL('blue.proto', import.meta.url)), {
  longs: String,
  defaults: true,
})

export const AUTHENTICATION_SERVICE = serviceOf('AuthenticationService')
export const QUERY_SERVICE = serviceOf('QueryHandlerService')

function serviceOf(name: string): ServiceDefinition {
  return definition[`${PACKAGE}.${name}`] as ServiceDefinition
}
